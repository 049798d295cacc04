#!/bin/sh
# Runs a command, then tells Step Functions itself how it ended: the direct way, without Baton.
# Needs TASK_TOKEN, the AWS CLI, and states:SendTaskSuccess and states:SendTaskFailure for the host's role.
set -u
token=${TASK_TOKEN:?the task token is missing}
unset TASK_TOKEN
[ $# -gt 0 ] || {
  printf 'Usage: TASK_TOKEN=... async-done.sh COMMAND [ARGUMENT...]\n' >&2
  exit 64
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

code=0
"$@" >"$folder/stdout" 2>"$folder/stderr" || code=$?
if [ "$code" -eq 0 ]; then
  aws stepfunctions send-task-success --task-token "$token" --task-output "$(tail -n 1 "$folder/stdout")"
else
  cause="The command exited with code $code. $(tail -c 8192 "$folder/stderr")"
  aws stepfunctions send-task-failure --task-token "$token" --error JobFailed --cause "$cause"
fi
