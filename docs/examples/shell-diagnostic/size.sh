# Bytes of a dataset's files. Runs in the execution's folder ($ALMANAC_EXECUTION), with the model's name as argument.
# inputs.json has one member a line, so that sed can read it; where jq is installed, use that.
set -eu
model=$1

sed -n 's/^ *"path": "\(.*\)",\{0,1\}$/\1/p' inputs.json > paths.txt

total=0
while IFS= read -r path; do
  bytes=$(wc -c < "$path")
  echo "$path: $bytes bytes"
  total=$((total + bytes))
done < paths.txt

# CMEC metric bundle: the number, nested in the order of json_structure.
cat > diagnostic.json << END
{
  "DIMENSIONS": {
    "json_structure": ["source_id", "metric"],
    "source_id": {"$model": {}},
    "metric": {"file-size": {}}
  },
  "RESULTS": {"$model": {"file-size": $total, "attributes": {"units": "byte"}}}
}
END
