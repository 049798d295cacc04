#!/bin/sh
# Counts the words of one shard of a text, and the letters of its longest one. A shard that is not there exits 66.
set -eu
[ $# -eq 1 ] || {
  printf 'Usage: count-words.sh FILE\n' >&2
  exit 64
}
[ -r "$1" ] || {
  printf 'count-words.sh: there is no shard %s\n' "$1" >&2
  exit 66
}
LC_ALL=C tr -cs 'A-Za-z' '\n' <"$1" | awk -v shard="$1" '
  length > 0 { words += 1 }
  length > longest { longest = length }
  END { printf "{\"shard\":\"%s\",\"words\":%d,\"longest\":%d}\n", shard, words, longest }'
