#!/usr/bin/env bash
# Packs the package, installs it into an empty folder as a user would, and runs the main job from there.
# Needs the network (or npm's cache) for the package's dependencies. Leaves nothing behind.
set -euo pipefail

root=$(cd "$(dirname "$0")/../../../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/almanac-packed-XXXXXX")
trap 'rm -rf "$work"' EXIT
export PATH="$root/node_modules/.bin:$PATH"

say() { printf '\n-- %s\n' "$*"; }

say "pack"
node "$root/scripts/pack.ts" "$work/tarball"
tarball=$(ls "$work"/tarball/*.tgz)
publint run "$tarball" --strict

say "install into an empty folder"
node_version=$(node -p 'process.versions.node')
node_package="node-$(node -p '`${process.platform === "win32" ? "win" : process.platform}-${process.arch}`')"
mkdir "$work/project"
cd "$work/project"
printf '{ "private": true, "type": "module" }\n' >package.json
npm install --no-audit --no-fund --loglevel=error "$tarball" "$node_package@$node_version"
# From here on only what was installed, under the installed Node.js.
export PATH="$work/project/node_modules/.bin:${PATH#"$root/node_modules/.bin:"}"
case "$(command -v almanac)" in "$work"/*) ;; *) echo "almanac is not the installed one" >&2; exit 1 ;; esac

say "an old Node.js is told so"
old=$(PATH="${PATH#"$work/project/node_modules/.bin:"}" command -v node || true)
if [ -n "$old" ] && [ "$("$old" -p 'Number(process.versions.node.split(".")[0]) < 24')" = true ]; then
  status=0
  "$old" node_modules/almanac/bin/almanac.js version 2>message.txt || status=$?
  [ "$status" -eq 3 ] && grep -q 'needs Node.js 24' message.txt
  rm message.txt
fi

say "the library, in JavaScript and for the compiler"
node --input-type=module -e '
  for (const name of ["almanac", "almanac/science", "almanac/solver", "almanac/testing"]) {
    const exported = Object.keys(await import(name));
    if (exported.length === 0) throw new Error(`${name} exports nothing`);
    console.log(`${name}: ${exported.length} exports`);
  }'
printf 'import { open } from "almanac";\nexport const opened: ReturnType<typeof open> = open();\n' >user.ts
"$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --target es2024 \
  --lib es2024,esnext.disposable user.ts
rm user.ts

say "the main job"
almanac version
node "$root/scripts/with-node.js" "$root/scripts/demo.ts" --archive "$work/archive"
almanac init
almanac ingest --type cmip6 "$work/archive"
almanac plan
status=0
almanac solve || status=$?
# The archive holds a truncated file on purpose; nothing of it is executed, so that the outcome is a success.
[ "$status" -eq 0 ]
almanac values list --json >values.json
node -e '
  const { format, items, total } = JSON.parse(require("node:fs").readFileSync("values.json", "utf8"));
  if (!format.startsWith("almanac.") || total === 0 || items.length === 0) throw new Error("no values");
  console.log(`${total} values`);'
almanac solve

say "packed, installed and run"
