#!/bin/sh
# Makes a ledger of N payments from a seed, in batches, sorts it by amount and reports on it: totals per region, extremes,
# median, a checksum of every row. The same rows and seed give the same report on every host. Progress and result are told the way Baton reads them:
# "::progress {...}" lines on stdout while it works, the result as the last line, a JSON object.
set -eu

usage='Usage: make-report.sh [--rows N] [--seed N] [--fail]

  --rows N   rows to make, 1 to 100000000 (default 2500000)
  --seed N   1 to 2147483646 (default 42)
  --fail     meet a broken row half-way and exit 3
'

refuse() {
  printf 'make-report.sh: %s\n%s' "$1" "$usage" >&2
  exit 64
}

# whole NAME VALUE MAX: VALUE is a whole number from 1 to MAX. Ten digits, so that test can compare it.
whole() {
  case $2 in
  '' | 0* | *[!0-9]* | ???????????*) refuse "$1 \"$2\" is not a whole number from 1 to $3" ;;
  esac
  [ "$2" -le "$3" ] || refuse "$1 $2 is over $3"
}

rows=2500000 seed=42 fail=0
while [ $# -gt 0 ]; do
  case $1 in
  --rows | --seed)
    [ $# -ge 2 ] || refuse "$1 needs a number"
    if [ "$1" = --rows ]; then rows=$2; else seed=$2; fi
    shift 2
    ;;
  --fail)
    fail=1
    shift
    ;;
  --help)
    printf '%s' "$usage"
    exit 0
    ;;
  *) refuse "unknown option \"$1\"" ;;
  esac
done
whole --rows "$rows" 100000000
whole --seed "$seed" 2147483646

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT
export LC_ALL=C

# make_batch FIRST LAST SEED BROKEN: rows to stdout, the next seed to the file "seed". The generator is Park and Miller's: its
# products stay below 2^53, so every awk agrees.
make_batch() {
  awk -v first="$1" -v last="$2" -v seed="$3" -v broken="$4" -v next_seed="$folder/seed" '
    function random() { return seed = (seed * 16807) % 2147483647 }
    BEGIN {
      split("north east south west", region, " ")
      for (row = first; row <= last; row++) {
        name = region[random() % 4 + 1]
        cents = random() % 1000000 + 1
        if (row == broken) {
          printf "make-report.sh: row %d: a payment of %d cents in the %s has no account\n", row, cents, name > "/dev/stderr"
          exit 3
        }
        printf "%d,%s,%d\n", row, name, cents
      }
      print seed > next_seed
    }'
}

report() {
  awk -F , -v rows="$rows" '
    { sum += $3; total[$2] += $3; count[$2]++ }
    NR == 1 { min = $3 }
    NR == int((rows + 1) / 2) { median = $3 }
    END {
      printf "\"rows\":%d,\"sum\":%.0f,\"min\":%d,\"median\":%d,\"max\":%d,\"mean\":%.2f", NR, sum, min, median, $3, sum / NR
      split("north east south west", region, " ")
      for (i = 1; i <= 4; i++) {
        name = region[i]
        printf "%s\"%s\":{\"rows\":%d,\"sum\":%.0f}", (i == 1 ? ",\"regions\":{" : ","), name, count[name], total[name]
      }
      printf "}"
    }'
}

batch=$(((rows + 19) / 20)) done=0
broken=$((fail ? (rows + 1) / 2 : 0))
while [ "$done" -lt "$rows" ]; do
  last=$((done + batch < rows ? done + batch : rows))
  make_batch $((done + 1)) "$last" "$seed" "$broken" >"$folder/batch"
  sort -t , -k 3,3n -k 1,1n "$folder/batch" >"$folder/sorted.$done"
  read -r seed <"$folder/seed"
  done=$last
  printf '::progress {"rows":%d,"of":%d}\n' "$done" "$rows"
done
rm "$folder/batch"
sort -m -t , -k 3,3n -k 1,1n "$folder"/sorted.* >"$folder/ledger"
figures=$(report <"$folder/ledger")
checksum=$(sha256sum <"$folder/ledger" | cut -d ' ' -f 1)
printf '{%s,"checksum":"sha256:%s"}\n' "$figures" "$checksum"
