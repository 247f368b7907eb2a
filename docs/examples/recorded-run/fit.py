"""Fits a line to two columns by least squares, as a recorded run of a command line.

Runs where it was started; $ALMANAC_EXECUTION names the folder of the execution. inputs.json there has the configuration and
the input files with their paths. Every file left in the folder becomes an asset, diagnostic.json is read as values, what is
printed goes to the log. Python's standard library is enough.
"""

import csv
import json
import os
import pathlib

folder = pathlib.Path(os.environ["ALMANAC_EXECUTION"])
inputs = json.loads((folder / "inputs.json").read_text())
penalty = float(inputs["config"].get("penalty", 0))
[data] = [asset for asset in inputs["assets"] if asset["fileName"] == "growth.csv"]

with open(data["path"], newline="") as file:
    rows = list(csv.DictReader(file))
days = [float(row["day"]) for row in rows]
heights = [float(row["height"]) for row in rows]
mean_day, mean_height = sum(days) / len(days), sum(heights) / len(heights)
covariance = sum((x - mean_day) * (y - mean_height) for x, y in zip(days, heights))
variance = sum((x - mean_day) ** 2 for x in days)
slope = covariance / (variance + penalty)
model = {"slope": slope, "intercept": mean_height - slope * mean_day}
print(f"fitted {len(rows)} points")

(folder / "model.json").write_text(json.dumps(model))
with open(folder / "residuals.csv", "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["day", "residual"])
    for x, y in zip(days, heights):
        table.writerow([x, y - (model["intercept"] + slope * x)])

# CMEC metric bundle: numbers by dimensions, nested in the order of json_structure.
metric = {
    "DIMENSIONS": {"json_structure": ["metric"], "metric": {"slope": {}}},
    "RESULTS": {"slope": slope},
}
(folder / "diagnostic.json").write_text(json.dumps(metric, allow_nan=False))
