import type { Named } from "../../core/steps/action.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import type { StepHistory } from "../../core/steps/history.ts";
import type { StepFacts } from "../../core/steps/key.ts";
import { wholeValue } from "../../core/steps/seen.ts";
import type { Step } from "../../core/steps/step.ts";
import { capturedText, identifyCode, unfollowedOf } from "./identify-code.ts";
import { type RunnerSession, stepAt, storeName } from "./session.ts";

/** Facts of the steps of one build: what was looked up stays as it was. */
export interface BuildFacts {
  of(number: number, history: StepHistory): StepFacts;
  code(number: number): CodeFacts | undefined;
}

/**
 * Looks up code and files of steps.
 * @throws CODE_UNFOLLOWED when code cannot be followed and the pipeline does not allow it; FILE_UNREADABLE
 */
export async function gatherFacts(session: RunnerSession, steps: readonly number[]): Promise<BuildFacts> {
  await identifyCode(session, steps);
  const files = await digestFiles(session, steps);
  return {
    code: (number) => session.code[number],
    of: (number, history) => factsOf(session, number, { history, files: files.get(number) ?? none }),
  };
}

async function digestFiles(
  { graph, configuration, ports }: RunnerSession,
  steps: readonly number[],
): Promise<ReadonlyMap<number, readonly Named[]>> {
  const found = new Map<number, readonly Named[]>();
  await Promise.all(
    steps
      .filter((number) => graph.steps[number]?.options.files !== undefined)
      .map(async (number) => {
        const step = graph.steps[number];
        if (step !== undefined)
          found.set(number, await fileDigests(step, configuration, (path) => ports.inputs.digest(path)));
      }),
  );
  return found;
}

/** The files and folders that a step declares, as it names them. */
export function filesOf({ options: { files = [] } }: Step, configuration: unknown): readonly string[] {
  return typeof files === "function" ? files(configuration as never) : files;
}

/** Digests of a step's declared files, in their order. */
export async function fileDigests(
  step: Step,
  configuration: unknown,
  digest: (path: string) => Promise<string>,
): Promise<readonly Named[]> {
  return Promise.all(
    filesOf(step, configuration).map(async (path): Promise<Named> => [path, await digest(path)]),
  );
}

const none: readonly Named[] = [];
const nothing: readonly string[] = [];

// allow-parameters: the runner, which step, and what was looked up
function factsOf(
  session: RunnerSession,
  number: number,
  { history, files }: { readonly history: StepHistory; readonly files: readonly Named[] },
): StepFacts {
  const step = stepAt(session, number);
  const { options } = step;
  const name = storeName(session, step);
  const code = session.code[number];
  const own = code?.digest ?? `version:${options.version ?? ""}`;
  return {
    name,
    produces: step.produces,
    code: history.acceptedCode(name, own),
    files,
    environment:
      options.environment?.map((each): Named => [each, session.ports.inputs.environment(each)]) ?? none,
    captures:
      options.captures === undefined
        ? none
        : Object.entries(options.captures).map(
            (each): Named => [each[0], capturedText(session, step.id, each)],
          ),
    seed: options.seed === undefined ? undefined : wholeValue(options.seed),
    codecs:
      options.codecs === undefined
        ? none
        : Object.entries(options.codecs).map(([product, codec]): Named => [product, codec.name]),
    unfollowed:
      code === undefined && options.captures === undefined ? nothing : unfollowedOf(session, number),
  };
}
