#!/bin/sh
# launcher.sh RUN_FOLDER EXIT_FILE PROGRAM [ARGUMENT...]
#
# Stands between the dashboard and one run's program, so that the exit code is written down whoever is alive to see it.
# One process per run for the run's whole life: nothing here but POSIX sh and the tools every Unix has.
# Tested in dash, bash and busybox. docs/supervision.md tells why each line is as it is.

# A handler, not '': an ignored signal would be inherited by the program. While the program runs the shell only waits.
trap : HUP INT QUIT TERM
set -f

# The shell's own notices ("Killed") are not the program's output; the program gets the log's descriptor back below.
exec 3>&2 2>/dev/null

run=$1 exit_file=$2
shift 2

# Sets $me to "PID START_TICKS" of the calling process; the ticks (field 22, after the last parenthesis) are "-" where
# there is no /proc.
identify() {
  if read -r stat </proc/self/stat; then
    pid=${stat%% *}
    # Split on purpose: these are the fields.
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    shift 19
    me="$pid $1"
  else
    # shellcheck disable=SC2016
    me="$(exec sh -c 'echo $PPID') -"
  fi
}

# link(2) succeeds for one of us only: this launcher, or the dashboard that has given the run up. Whoever loses must not act.
identify
printf 'shim %s\n' "$me" >"$run/claim.shim" || exit 125
ln "$run/claim.shim" "$run/claim" || exit 125

# In the foreground: a background command of a shell without job control ignores SIGINT, and hands that on.
(
  identify
  printf '%s\n' "$me" >"$run/payload"
  exec "$@" 2>&3 3>&-
)
status=$?

# Synced before it is renamed: without that, records were empty after a power cut. Tried again because a full disk may
# have room a moment later; if it never has, our own exit status still tells a dashboard that is our parent.
left=5
while [ "$left" -gt 0 ]; do
  printf '%s\n' "$status" | dd of="$exit_file.tmp" conv=fsync && mv "$exit_file.tmp" "$exit_file" && break
  left=$((left - 1))
  sleep 1
done
exit "$status"
