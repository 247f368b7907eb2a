/** Files that pin the packages which code runs with, by the tools that write them. */
export const lockFileNames: readonly string[] = [
  ...["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "deno.lock"],
  ...["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.txt"],
  ...["environment.yml", "environment.yaml", "conda-lock.yml", "pixi.lock"],
  ...["renv.lock", "Manifest.toml", "Cargo.lock"],
];
