# Months covered by the files in inputs.json. Arguments: model, experiment, name of the metric.
set -eu
model=$1
experiment=$2
metric=$3

# Each file of the datasets has a line with its start and one with its end: "start": "1850-01-16 12:00:00".
months() { sed -n "s/^ *\"$1\": \"\([0-9]*\)-\([0-9]*\)-.*/\1 \2/p" inputs.json | awk '{ print $1 * 12 + $2 }'; }
months start | sort -n > starts.txt
months end | sort -n > ends.txt
count=$(($(tail -n 1 ends.txt) - $(head -n 1 starts.txt) + 1))

cat > diagnostic.json << END
{
  "DIMENSIONS": {
    "json_structure": ["source_id", "experiment_id", "metric"],
    "source_id": {"$model": {}},
    "experiment_id": {"$experiment": {}},
    "metric": {"$metric": {}}
  },
  "RESULTS": {"$model": {"$experiment": {"$metric": $count, "attributes": {"units": "month"}}}}
}
END
