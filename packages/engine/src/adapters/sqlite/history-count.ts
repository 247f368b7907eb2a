/** A number that no other copy of the catalog comes to: what tells two histories with equal counts apart. */
export const newStamp = "abs(random() % 9007199254740991)";

/** What runs a statement inside a transaction. */
interface Runner {
  run(sql: string): number;
}

/** Counts a change of groups or executions. Call it in the transaction that makes the change. */
export function raiseHistory(connection: Runner): void {
  connection.run("update catalog_meta set value = value + 1 where name = 'history'");
  connection.run(`update catalog_meta set value = ${newStamp} where name = 'history-stamp'`);
}
