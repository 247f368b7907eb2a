import { DatabaseSync } from "node:sqlite";
import { isMainThread, workerData } from "node:worker_threads";

function checkpoint(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec("pragma synchronous = full; pragma wal_checkpoint(passive)");
  } finally {
    database.close();
  }
}

// allow-import-work: the program of a thread
if (!isMainThread) checkpoint(workerData as string);
