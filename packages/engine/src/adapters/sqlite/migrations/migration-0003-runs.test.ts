import assert from "node:assert/strict";
import { test } from "node:test";
import { applyMigrations, connectInMemory } from "../../../../test/support/apply-migrations.ts";
import { migrations } from "./migrate.ts";

test("executions of older catalogs keep their rows, and what refers to them", () => {
  const connection = connectInMemory();
  const at = migrations.findIndex(({ name }) => name === "0003-runs");
  applyMigrations(connection, migrations.slice(0, at));
  connection.database.exec(`
    insert into record values (1, 'execution-group'), (2, 'execution');
    insert into execution_group (id, provider, diagnostic, version, group_key, selector_digest, selectors)
      values (1, 'p', 'd', 1, 'k', 's', '{}');
    insert into execution (id, group_id, state, live, fingerprint, compat_hash, parameters_digest, fragment,
      provider_version, description, created_at) values (2, 1, 'created', 1, 'f', 'c', 'x', 'p/d', '1', '', 't');
    insert into state_change (execution_id, position, to_state, at, message, actor)
      values (2, 0, 'created', 't', '', 'user');`);
  applyMigrations(connection, migrations.slice(at));
  const row = connection.get<{ origin: string; workflow_id: null; fragment: string }>(
    "select * from execution",
  );
  assert.deepEqual([row?.origin, row?.workflow_id, row?.fragment], ["solver", null, "p/d"]);
  assert.equal(connection.all("select * from state_change").length, 1);
  assert.throws(
    () =>
      connection.run(
        `insert into execution (id, group_id, state, live, fingerprint, compat_hash, parameters_digest, fragment,
         provider_version, description, created_at) select 1, group_id, state, live, '', '', '', '', '', '', ''
         from execution`,
      ),
    /unique/i,
    "a group still has one live execution",
  );
  connection.run("delete from execution where id = 2");
  assert.equal(connection.all("select * from state_change").length, 0, "parts still go with their whole");
  connection.close();
});
