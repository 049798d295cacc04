#!/bin/sh
# The job, in any language: what it prints is progress, the JSON that it prints last is the state's result, and a status that is not 0 fails the state.
set -eu
rows=${1:-1}
echo "counting $rows rows"
printf '{"rows": %s}\n' "$rows"
