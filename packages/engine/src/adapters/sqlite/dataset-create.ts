import { AlmanacError } from "../../core/errors.ts";
import { authoredType } from "../../core/records/released-type.ts";
import { spellingsOf } from "../../core/records/vocabulary.ts";
import type { NewDataset } from "../../ports/dataset-authoring.ts";
import type { Connection } from "./connection.ts";
import { changeMembers } from "./dataset-members.ts";
import { executionNumber, releaseDraft } from "./dataset-release.ts";
import { ridText, takeRid } from "./rids.ts";
import { orderedJson } from "./row-values.ts";
import { meant, requireVocabulary, termsOf } from "./term-rows.ts";

const typeVocabulary = "Dataset_Type";

/**
 * Names of the dataset types that spellings stand for, in order, each once.
 * @throws UNKNOWN_NAME naming all that are none
 */
export function datasetTypes(connection: Connection, spellings: readonly string[]): readonly string[] {
  if (spellings.length === 0) return [];
  const names = spellingsOf(
    typeVocabulary,
    termsOf(connection, requireVocabulary(connection, typeVocabulary)),
  );
  const foreign = spellings.filter((spelling) => !names.has(spelling));
  if (foreign.length === 0) return [...new Set(spellings.map((each) => names.get(each) ?? each))].sort();
  const each = foreign.map((spelling) => `"${spelling}"${meant(spelling, names.keys())}`);
  throw new AlmanacError("UNKNOWN_NAME", `there is no dataset type ${each.join(", ")}`, {
    hint: `almanac vocab show ${typeVocabulary}, or almanac vocab add ${typeVocabulary} NAME`,
    facts: { vocabulary: typeVocabulary, spellings: foreign },
  });
}

/**
 * Makes datasets in order and releases those that are to be. Call it inside a write transaction.
 * @param idOf number of the one at a position; default: the counter
 * @returns their numbers
 * @throws UNKNOWN_NAME, USAGE, RELEASE_REFUSED
 */
export function createDatasets(
  connection: Connection,
  datasets: readonly NewDataset[],
  idOf: (position: number) => number = () => takeRid(connection, "dataset"),
): readonly number[] {
  const made: number[] = [];
  for (const [position, dataset] of datasets.entries()) {
    const id = idOf(position);
    insertDataset(connection, id, dataset);
    const about = `the dataset ${dataset.name ?? position + 1}`;
    changeMembers(connection, id, { change: { add: dataset.members }, made, about });
    made.push(id);
    const { release, at, madeBy } = dataset;
    if (release !== undefined)
      releaseDraft(connection, id, { ...release, at, ...(madeBy === undefined ? {} : { madeBy }) });
  }
  return made;
}

// allow-parameters: where, under which number and what
function insertDataset(connection: Connection, id: number, dataset: NewDataset): void {
  connection.run(
    `insert into dataset (id, source_type, instance_id, origin, finalised, facets)
     values (?, ?, ?, 'authored', 1, ?)`,
    id,
    authoredType,
    ridText(id),
    orderedJson(dataset.facets ?? {}),
  );
  connection.run(
    `insert into authored_dataset (id, name, description, types, derivation, made_by, created_at)
     values (?, ?, ?, ?, ?, ?, ?)`,
    id,
    dataset.name ?? ridText(id),
    dataset.description,
    JSON.stringify(datasetTypes(connection, dataset.types)),
    dataset.derivation === undefined ? null : JSON.stringify(dataset.derivation),
    executionNumber(connection, dataset.madeBy),
    dataset.at,
  );
}
