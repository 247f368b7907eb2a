# Input files lie below inputs/<RID>/; whatever is left in the folder of the execution is kept.
cd "$ALMANAC_EXECUTION" || exit 1
printf 'model: %s\n' "$(cat inputs/*/model.json)" > "model card.txt"
