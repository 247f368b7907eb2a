"""Years covered by each experiment of a model, from what the catalog knows of its files.

Runs in the execution's folder, which $ALMANAC_EXECUTION names. Reads execution.json (what is asked) and inputs.json
(the datasets, with absolute paths); leaves diagnostic.json (numbers), output.json (files worth naming), series.json and
any other file it likes. Exit code 0 is success; printing goes to execution.log. Python's standard library is enough.
"""

import csv
import json
import os
import pathlib

folder = pathlib.Path(os.environ["ALMANAC_EXECUTION"])
definition = json.loads((folder / "execution.json").read_text())
datasets = json.loads((folder / "inputs.json").read_text())["datasets"]

years = {}
for dataset in datasets:
    experiment = dataset["facets"]["experiment_id"]
    for file in dataset["files"]:
        if "start" not in file:
            continue
        first, last = int(file["start"][:4]), int(file["end"][:4])
        years.setdefault(experiment, set()).update(range(first, last + 1))
        print(f"{file['path']}: {first} to {last}, {os.path.getsize(file['path'])} bytes")

model = datasets[0]["facets"]["source_id"]
experiments = sorted(years)

# CMEC metric bundle: the numbers, nested in the order of json_structure.
metric = {
    "DIMENSIONS": {
        "json_structure": ["source_id", "experiment_id", "metric"],
        "source_id": {model: {}},
        "experiment_id": {experiment: {} for experiment in experiments},
        "metric": {"years-covered": {}},
    },
    "RESULTS": {
        model: {
            experiment: {"years-covered": len(years[experiment]), "attributes": {"units": "year"}}
            for experiment in experiments
        }
    },
}
(folder / "diagnostic.json").write_text(json.dumps(metric, allow_nan=False))

(folder / "tables").mkdir()
with open(folder / "tables" / "coverage.csv", "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["experiment_id", "first", "last", "years"])
    for experiment in experiments:
        covered = years[experiment]
        table.writerow([experiment, min(covered), max(covered), len(covered)])

# CMEC output bundle: what the files are.
output = {
    "index": None,
    "provenance": {"environment": {}, "modeldata": [], "obsdata": {}, "log": "execution.log"},
    "data": {
        "coverage": {
            "filename": "tables/coverage.csv",
            "long_name": f"Years covered by the experiments of {model}",
            "description": definition["diagnostic"]["name"],
        }
    },
    "plots": {},
    "html": {},
    "diagnostics": {},
}
(folder / "output.json").write_text(json.dumps(output))
