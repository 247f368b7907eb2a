import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { unobserved } from "../../ports/durable.ts";
import { SqliteCatalogAdmin } from "./admin.ts";
import { Connection } from "./connection.ts";

async function memoryConnection(t: TestContext): Promise<Connection> {
  const options = { observer: unobserved, busyTimeoutMs: 1000, readOnly: "no" } as const;
  const connection = new Connection({ file: ":memory:", ...options });
  t.after(() => connection.close());
  await new SqliteCatalogAdmin(connection).migrate();
  connection.database.exec("create table number (value integer unique)");
  return connection;
}

test("writes that are asked for at once are transactions one after the other", async (t) => {
  const connection = await memoryConnection(t);
  const write = (value: number): Promise<number> =>
    connection.write("catalog.ingest", () => connection.run("insert into number values (?)", value));
  await Promise.all([write(1), write(2), write(3)]);
  assert.deepEqual(
    connection.all("select value from number"),
    [1, 2, 3].map((value) => ({ __proto__: null, value })),
  );
});

test("one that fails takes nothing of the others with it", async (t) => {
  const connection = await memoryConnection(t);
  const write = (...values: readonly number[]): Promise<void> =>
    connection.write("catalog.ingest", () => {
      for (const value of values) connection.run("insert into number values (?)", value);
    });
  const [one, other, last] = await Promise.allSettled([write(1), write(2, 1), write(3)]);
  assert.deepEqual([one.status, other.status, last.status], ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(
    connection.all("select value from number"),
    [1, 3].map((value) => ({ __proto__: null, value })),
  );
});
