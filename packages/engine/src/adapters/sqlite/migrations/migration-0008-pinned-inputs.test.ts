import assert from "node:assert/strict";
import { test } from "node:test";
import { applyMigrations, connectInMemory } from "../../../../test/support/apply-migrations.ts";
import type { InputDataset } from "../../../core/execution/definition.ts";
import type { Connection } from "../connection.ts";
import { readDefinition } from "../definitions.ts";
import { PinnedContents } from "../pinned-inputs.ts";
import { storedInput } from "../stored-input.ts";
import { migrations } from "./migrate.ts";

const input: InputDataset = {
  requirement: "cmip6",
  sourceType: "cmip6",
  id: "a",
  version: "v1",
  facets: { variable_id: "tas" },
  files: [{ path: "a.nc", contentId: "c1" }],
};

test("definitions of older catalogs keep their input datasets, shared or held, and those taken later", () => {
  const connection = connectInMemory();
  const at = migrations.findIndex(({ name }) => name === "0008-pinned-inputs");
  applyMigrations(connection, migrations.slice(0, at));
  fill(connection);
  applyMigrations(connection, migrations.slice(at));

  for (const execution of [2, 3, 4])
    assert.deepEqual(readDefinition(connection, execution)?.datasets, [input], String(execution));
  assert.deepEqual(new PinnedContents(connection).of(2), { a: ["c1"], later: ["c2"] });
  assert.deepEqual(new PinnedContents(connection).of(4), { a: ["c1"] });
  assert.equal(
    connection.all("select * from pinned_input").length,
    3,
    "one of two, one held, one taken later",
  );
  assert.deepEqual(
    connection.all<{ digest: string }>("select digest from shared_document").map(({ digest }) => digest),
    ["v"],
  );
  connection.run("delete from execution where id = 2");
  assert.equal(connection.all("select * from execution_dataset where execution_id = 2").length, 0);
  connection.close();
});

/** Executions 2 and 3 share an input dataset, 2 took one more; 4 is of a program that held them in the definition. */
function fill(connection: Connection): void {
  connection.run(
    "insert into shared_document values ('v', '{}'), ('d', ?)",
    JSON.stringify(storedInput(input)),
  );
  connection.run("insert into record values (1, 'execution-group')");
  connection.run(`insert into execution_group (id, provider, diagnostic, version, group_key, selector_digest, selectors)
    values (1, 'p', 'd', 1, 'k', 's', '{}')`);
  for (const id of [2, 3, 4]) {
    const datasets = id === 4 ? [input] : [{ requirement: "cmip6", shared: "d" }];
    connection.run("insert into record values (?, 'execution')", id);
    connection.run(
      `insert into execution (id, group_id, state, live, fingerprint, compat_hash, parameters_digest, fragment,
       provider_version, description, created_at) values (?, 1, 'published', 0, 'f', 'c', 'x', 'p/d', '1', '', 't')`,
      id,
    );
    connection.run("insert into execution_definition values (?, 'v', ?)", id, JSON.stringify({ datasets }));
    connection.run("insert into execution_dataset values (?, 0, 'cmip6', 'cmip6', 'a', '[\"c1\"]')", id);
  }
  connection.run("insert into execution_dataset values (2, 1, 'later', 'cmip6', 'later', '[\"c2\"]')");
}
