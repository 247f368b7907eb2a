import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figure, figure } from "./figure.ts";

/** Another program with the same ten layers. */
interface Peer {
  readonly name: string;
  readonly command: string;
  readonly words: readonly string[];
}

// Python of the system: the packages are Debian's python3-doit and python3-joblib.
const python = "/usr/bin/python3";

const peers: readonly Peer[] = [
  { name: "ninja", command: "ninja", words: [] },
  { name: "make", command: "make", words: ["-s", "all"] },
  { name: "doit", command: python, words: ["-m", "doit", "--reporter", "zero"] },
  { name: "joblib", command: python, words: ["layers.py"] },
];

/** Other programs with nothing to do on the same 1,000 steps, one after another; it is told which are not installed. */
export function peerFigures(folder: string): readonly Figure[] {
  const place = writeRules(folder, 1000);
  return peers.flatMap((peer) => {
    if (start(peer, place) === undefined) {
      console.error(`${peer.name} is not installed: left out`);
      return [];
    }
    const times = Array.from({ length: 11 }, () => start(peer, place) ?? Number.NaN);
    const what = `${peer.name}, whole command, 1,000 steps, nothing to do, for comparison`;
    return [figure({ id: `${peer.name}1000`, what, unit: "ms" }, times)];
  });
}

/** @returns milliseconds; undefined when there is no such program */
function start({ name, command, words }: Peer, cwd: string): number | undefined {
  const from = performance.now();
  const { status, error, stderr } = spawnSync(command, words, { cwd, encoding: "utf8" });
  const ms = performance.now() - from;
  if (error !== undefined || /No module named/.test(stderr)) return undefined;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.slice(0, 2000)}`);
  return ms;
}

/** Files and rules of the ten layers for each of them. @returns the folder */
function writeRules(folder: string, count: number): string {
  const place = join(folder, "rules");
  mkdirSync(place);
  const width = count / 10;
  const ninja = ["rule shorten", "  command = cat $in | head -c 64 > $out"];
  const make = [`all: ${Array.from({ length: width }, (_, at) => `p9_${at}`).join(" ")}`];
  for (let at = 0; at < width; at++)
    writeFileSync(join(place, `source_${at}`), `source ${at} `.padEnd(100, "."));
  for (let layer = 0; layer < 10; layer++)
    for (let at = 0; at < width; at++) {
      const inputs = layer === 0 ? `source_${at}` : `p${layer - 1}_${at} p${layer - 1}_${(at + 1) % width}`;
      ninja.push(`build p${layer}_${at}: shorten ${inputs}`);
      make.push(`p${layer}_${at}: ${inputs}\n\t@cat $^ | head -c 64 > $@`);
    }
  writeFileSync(join(place, "build.ninja"), `${ninja.join("\n")}\n`);
  writeFileSync(join(place, "Makefile"), `${make.join("\n")}\n`);
  writeFileSync(join(place, "dodo.py"), dodo(width));
  writeFileSync(join(place, "layers.py"), layers(width));
  return place;
}

/** Files of its own: what ninja and make have made stays as it is. */
const dodo = (width: number): string => `
def shorten(inputs, target):
    with open(target, "w") as out:
        out.write("".join(open(each).read() for each in inputs)[:64])

def task_layers():
    for layer in range(10):
        for at in range(${width}):
            inputs = [f"source_{at}"] if layer == 0 else [f"d{layer - 1}_{at}", f"d{layer - 1}_{(at + 1) % ${width}}"]
            target = f"d{layer}_{at}"
            yield {"name": target, "file_dep": inputs, "targets": [target], "actions": [(shorten, [inputs, target])]}
`;

const layers = (width: number): string => `
from joblib import Memory
memory = Memory("joblib-cache", verbose=0)

@memory.cache
def source(name):
    return "source " + name + " "

@memory.cache
def shorten(name, *texts):
    return "".join(texts)[:64]

before = [source(f"p0_{at}") for at in range(${width})]
for layer in range(1, 10):
    before = [shorten(f"p{layer}_{at}", before[at], before[(at + 1) % ${width}]) for at in range(${width})]
`;
