#!/bin/sh
# launcher.sh RUN_FOLDER EXIT_FILE WORKING_FOLDER PROGRAM [ARGUMENT...]
#
# Stands between the dashboard and one run's program, so that the exit code is recorded even when no dashboard
# is alive. One process per run for the run's whole life: nothing here but POSIX sh and the tools every Unix
# has. Tested in dash, bash and busybox. docs/supervision.md tells why each line is as it is.

# A handler, not '': an ignored signal would be inherited by the program. While the program runs the shell only waits.
trap : HUP INT QUIT TERM
set -f

# A shell that may not fork ends at once with a status of its own, which must not pass for the program's: 125 before the
# program has begun, the program's own after that. UNSTUCK_SH_STATUS is not set before.
unset UNSTUCK_SH_STATUS
trap 'exit "${UNSTUCK_SH_STATUS-125}"' EXIT

# The shell's own notices ("Killed") are not the program's output; the program gets the log's descriptor back below.
exec 3>&2 2>/dev/null

# A shell hands on what came in its environment under a name it assigns to: a job's own "status" would reach the program
# changed. Names that begin with UNSTUCK_ cannot be a job's.
UNSTUCK_SH_RUN=$1 UNSTUCK_SH_EXIT=$2 UNSTUCK_SH_CWD=$3
shift 3

# The pid of a parent that puts the exit record on the disk for us.
UNSTUCK_SH_SYNCER=${UNSTUCK_SYNCER-}
unset UNSTUCK_SYNCER

# "UID GID SETPRIV" of the user that the program runs as, where that is not ours.
UNSTUCK_SH_BECOME=${UNSTUCK_BECOME-}
unset UNSTUCK_BECOME

# Here and not by the dashboard, which would have to wait for it: a folder on a mount that does not answer holds up this run alone.
# Before the claim, so that one that was given up meanwhile never begins. cd(1) makes up an OLDPWD.
# A user of the program's own goes there itself: what leads there may be that user's.
UNSTUCK_SH_OLDPWD=${OLDPWD-} UNSTUCK_SH_HAS_OLDPWD=${OLDPWD+yes}
[ -n "$UNSTUCK_SH_BECOME" ] || cd -P "$UNSTUCK_SH_CWD" || { printf 'cwd\n' >"$UNSTUCK_SH_RUN/refused"; exit 125; }
if [ -n "$UNSTUCK_SH_HAS_OLDPWD" ]; then OLDPWD=$UNSTUCK_SH_OLDPWD; else unset OLDPWD; fi

# Sets $UNSTUCK_SH_ME to "PID START_TICKS" of the calling process; the ticks (field 22, after the last parenthesis) are
# "-" where there is no /proc.
identify() {
  if read -r UNSTUCK_SH_STAT </proc/self/stat; then
    UNSTUCK_SH_PID=${UNSTUCK_SH_STAT%% *}
    # Split on purpose: these are the fields.
    # shellcheck disable=SC2086
    set -- ${UNSTUCK_SH_STAT##*) }
    shift 19
    UNSTUCK_SH_ME="$UNSTUCK_SH_PID $1"
  else
    # shellcheck disable=SC2016
    UNSTUCK_SH_ME="$(exec sh -c 'echo $PPID') -"
  fi
}

# Sets $UNSTUCK_SH_TICKS to the start ticks of another process and $UNSTUCK_SH_STATE to its state.
ticksOf() {
  UNSTUCK_SH_TICKS=
  read -r UNSTUCK_SH_STAT <"/proc/$1/stat" || return 1
  # shellcheck disable=SC2086
  set -- ${UNSTUCK_SH_STAT##*) }
  UNSTUCK_SH_STATE=$1
  shift 19
  UNSTUCK_SH_TICKS=$1
}

# Whether the process with this pid and these start ticks lives; one that is over and not waited for yet does not.
lives() {
  ticksOf "$1" && [ "$2" = "$UNSTUCK_SH_TICKS" ] && case $UNSTUCK_SH_STATE in Z | X) false ;; esac
}

# Does to the calling process what stands in `limits`, one order a line. What cannot be done is told in `refused`.
limit() {
  UNSTUCK_SH_NICE=
  [ -e "$UNSTUCK_SH_RUN/limits" ] || return 0
  while read -r UNSTUCK_SH_ORDER UNSTUCK_SH_VALUE; do
    case $UNSTUCK_SH_ORDER in
      cgroup) printf '%s\n' "$UNSTUCK_SH_PID" >"$UNSTUCK_SH_VALUE/cgroup.procs" ;;
      files) ulimit -n "$UNSTUCK_SH_VALUE" ;;
      data) ulimit -d "$UNSTUCK_SH_VALUE" ;;
      nice) UNSTUCK_SH_NICE=${UNSTUCK_SH_VALUE% *} && nicer "${UNSTUCK_SH_VALUE#* }" ;;
      *) false ;;
    esac || { printf '%s\n' "$UNSTUCK_SH_ORDER" >"$UNSTUCK_SH_RUN/refused"; return 1; }
  done <"$UNSTUCK_SH_RUN/limits"
}

# Some nice(1) only warn when they may not, and run the program all the same: so look at what came of it (field 19).
nicer() {
  [ -n "$UNSTUCK_SH_TRIAL" ] && [ -r /proc/self/stat ] || return 0
  UNSTUCK_SH_STAT=$(nice -n "$UNSTUCK_SH_NICE" cat /proc/self/stat) || return 1
  UNSTUCK_SH_WANTED=$1
  # shellcheck disable=SC2086
  set -- ${UNSTUCK_SH_STAT##*) }
  shift 16
  [ "$1" = "$UNSTUCK_SH_WANTED" ]
}

# Sets $UNSTUCK_SH_SPENT to the ticks, in user and kernel, of everything this shell has waited for (fields 16 and 17), and $UNSTUCK_SH_PARENT to
# the parent it has now (field 4). Each reading of such a file costs 0.4 ms: a shell reads one character at a time.
spent() {
  UNSTUCK_SH_SPENT= UNSTUCK_SH_PARENT=
  read -r UNSTUCK_SH_STAT </proc/self/stat || return 0
  # shellcheck disable=SC2086
  set -- ${UNSTUCK_SH_STAT##*) }
  UNSTUCK_SH_PARENT=$2
  shift 13
  UNSTUCK_SH_SPENT=" $1 $2"
}

# Gives up our rights for those of the program's user, and becomes the program. setpriv(1) works under our environment: what a job sets is read
# by that user's shell alone, out of a file that we have opened and that is gone by then.
# shellcheck disable=SC2086,SC2016
become() {
  UNSTUCK_SH_UID=${UNSTUCK_SH_BECOME%% *} UNSTUCK_SH_REST=${UNSTUCK_SH_BECOME#* }
  UNSTUCK_SH_GID=${UNSTUCK_SH_REST%% *} UNSTUCK_SH_SETPRIV=${UNSTUCK_SH_REST#* }
  [ -r "$UNSTUCK_SH_RUN/env" ] && exec 5<"$UNSTUCK_SH_RUN/env" && rm -f "$UNSTUCK_SH_RUN/env" || exit 125
  # What the dashboard itself was started with, such as a lock that a script of root holds (flock 9), is no other user's.
  exec 4>&- 6>&- 7>&- 8>&- 9>&-
  exec ${UNSTUCK_SH_NICE:+nice -n $UNSTUCK_SH_NICE} "$UNSTUCK_SH_SETPRIV" --reuid="$UNSTUCK_SH_UID" --regid="$UNSTUCK_SH_GID" \
    --init-groups --inh-caps=-all -- sh -c '
      cd -P "$0" || exit 125
      UNSTUCK_SH_ENV=$(cat <&5) && exec 5<&- && eval "$UNSTUCK_SH_ENV" || exit 125
      unset UNSTUCK_SH_ENV
      exec "$@" 3>&-' "$UNSTUCK_SH_CWD" "$@" 2>&3
}

# Tried on a process that ends at once, before the claim: a run whose limits cannot be had has never begun.
if [ -e "$UNSTUCK_SH_RUN/limits" ]; then
  UNSTUCK_SH_TRIAL=yes
  (identify && limit) || exit 125
fi
UNSTUCK_SH_TRIAL=

# A disk that is full when the program ends must not cost its exit code: what will be written is reserved now, and later
# overwritten in place. Without room for it here the program never starts.
# One that comes after another must not wipe what that has written.
[ ! -e "$UNSTUCK_SH_RUN/claim" ] || exit 125
printf '%63s\n' "" >"$UNSTUCK_SH_RUN/payload" || exit 125
printf '%63s\n' "" >"$UNSTUCK_SH_RUN/exit" || exit 125

# Where the log goes through a pipe, a cat(1) carries it into the log: it opens its end while it still has ours, so that it can
# miss nothing, and it ends with the last writer. It belongs to no run: no marker in its environment, a
# session of its own (without setsid(1), ours), deaf to what a program sends its own group. Why it could not
# go on it writes into room that is reserved, since that may be a full disk. One variable it has: without any it would look like a
# process that is just becoming another program, which no search can tell anything of.
pump() {
  printf '%63s\n' "" 1<>"$UNSTUCK_SH_RUN/pump-said"
  (
    trap '' HUP INT QUIT TERM
    # Unquoted: without setsid there is no word.
    # shellcheck disable=SC2086
    exec env -i UNSTUCK_PUMP=1 $UNSTUCK_SH_SETSID "$UNSTUCK_SH_CAT" <"$UNSTUCK_SH_RUN/out" 2<>"$UNSTUCK_SH_RUN/pump-said" 3>&- 4>&-
  ) &
  if ticksOf "$!"; then printf '%s %s\n' "$!" "$UNSTUCK_SH_TICKS" >"$UNSTUCK_SH_RUN/pump"; fi
}

# The pipe is opened for both ways: a writer whose reader was killed waits for the next one and gets no SIGPIPE.
if [ -e "$UNSTUCK_SH_RUN/pipe" ]; then
  # A program of another user may open /dev/stdout by its name; there is no other way for it into this folder.
  UNSTUCK_SH_MODE=600
  [ -z "$UNSTUCK_SH_BECOME" ] || UNSTUCK_SH_MODE=622
  mkfifo -m "$UNSTUCK_SH_MODE" "$UNSTUCK_SH_RUN/out" || exit 125
  exec 4<>"$UNSTUCK_SH_RUN/out" || exit 125
  UNSTUCK_SH_SETSID=$(command -v setsid)
  UNSTUCK_SH_CAT=$(command -v cat)
  pump
fi

# A file that must not be there yet is made by one of us only: this launcher, or the dashboard that has given the run up. The loser
# must not act. Empty, so that it is whole as soon as it is there, also on a full disk: who we are is written down before. Not by ln(1):
# on a small machine another program costs as much as everything else here together.
identify
printf 'launcher %s\n' "$UNSTUCK_SH_ME" >"$UNSTUCK_SH_RUN/claim.launcher" || exit 125
set -C
printf '' >"$UNSTUCK_SH_RUN/claim" || exit 125
set +C

# In the foreground: a background command of a shell without job control ignores SIGINT, and hands that on.
(
  identify
  # The program joins the run's group and the launcher stays outside: who kills the group leaves it alive to tell.
  if read -r UNSTUCK_SH_GROUP <"$UNSTUCK_SH_RUN/cgroup"; then
    printf '%s\n' "$UNSTUCK_SH_PID" >"$UNSTUCK_SH_GROUP/cgroup.procs"
  fi
  limit || exit 125
  [ ! -p "$UNSTUCK_SH_RUN/out" ] || exec >&4 3>&4 4>&-
  printf '%s\n' "$UNSTUCK_SH_ME" 1<>"$UNSTUCK_SH_RUN/payload"
  [ -z "$UNSTUCK_SH_BECOME" ] || become "$@"
  # Its environment last, so that no tool above works under a job's PATH or library path. A terminal's is here already.
  # shellcheck disable=SC2016
  [ -z "$UNSTUCK_SH_NICE" ] || exec nice -n "$UNSTUCK_SH_NICE" \
    sh -c '[ ! -e "$0/env" ] || . "$0/env" || exit 125; exec "$@" 2>&3 3>&-' "$UNSTUCK_SH_RUN" "$@"
  # shellcheck disable=SC1091
  [ ! -e "$UNSTUCK_SH_RUN/env" ] || . "$UNSTUCK_SH_RUN/env" || exit 125
  exec "$@" 2>&3 3>&-
)
UNSTUCK_SH_STATUS=$?

# What still stands in the pipe goes with its last descriptor, which may be ours. So a pump that was killed is replaced now, by a
# child without a parent that no search for the run's processes takes for one. The dashboard reports it.
if read -r UNSTUCK_SH_PID UNSTUCK_SH_SINCE <"$UNSTUCK_SH_RUN/pump" && ! lives "$UNSTUCK_SH_PID" "$UNSTUCK_SH_SINCE"; then
  printf '%s\n' "$UNSTUCK_SH_PID" >"$UNSTUCK_SH_RUN/pump-lost"
  (pump)
fi
exec 4>&-
spent

# Puts the record on the disk, unless a parent does that is still ours: of one that has ended we are no child any more.
synced() {
  if [ -n "$UNSTUCK_SH_SYNCER" ] && [ "$UNSTUCK_SH_PARENT" = "$UNSTUCK_SH_SYNCER" ]; then return 0; fi
  dd if=/dev/null of="$UNSTUCK_SH_RUN/exit" conv=notrunc,fsync
}

# Says that the record is there. Where no file can be made (no inode is left) the record itself is moved there, which needs none.
announced() {
  printf '' >"$UNSTUCK_SH_EXIT" || {
    dd if=/dev/null of="$UNSTUCK_SH_RUN/exit" conv=notrunc,fsync && mv "$UNSTUCK_SH_RUN/exit" "$UNSTUCK_SH_EXIT"
  }
}

# The record, and then an empty file that says it is there: neither needs another program, nor a block on the disk. Synced in between: without
# that, records were empty after a power cut. Should it fail all the same (a file system that never overwrites in place), our own exit
# status tells a dashboard that is our parent. Without one there is no one else to tell: tried for an hour, or until a dashboard has
# given the run up and removed its folder.
UNSTUCK_SH_TRIES=0
until printf '%s%s\n' "$UNSTUCK_SH_STATUS" "$UNSTUCK_SH_SPENT" 1<>"$UNSTUCK_SH_RUN/exit" && synced &&
  announced; do
  UNSTUCK_SH_TRIES=$((UNSTUCK_SH_TRIES + 1))
  [ -d "$UNSTUCK_SH_RUN" ] || break
  if [ "$UNSTUCK_SH_TRIES" -lt 5 ]; then
    sleep 1
  else
    kill -0 "$PPID" && break
    [ "$UNSTUCK_SH_TRIES" -lt 720 ] || break
    sleep 5
  fi
done
exit "$UNSTUCK_SH_STATUS"
