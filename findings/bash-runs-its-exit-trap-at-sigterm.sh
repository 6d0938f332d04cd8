#!/usr/bin/env bash
# bash 5.2.15 and dash 0.5.12 as Debian 12 packages them, seen 2026-11-28: what SIGTERM does to a script that has a trap for EXIT and none for TERM.
#
# bash catches SIGTERM for the sake of the EXIT trap, and does not put it off until its foreground command has ended, as it does with a trap for
# TERM: the EXIT trap runs at once, and the command lives on. A script that removes its scratch folder that way (`trap 'rm -rf "$tmp"' EXIT`) takes
# it from the program it runs, while that is saving. dash is ended by the signal and never runs the trap. Both are seen as "ended by SIGTERM".
# So "the shell catches SIGTERM" (SigCgt in /proc/PID/status) does not mean that it waits for its child. With the EXIT trap bash also catches signals that
# nobody traps, such as SIGXCPU, which tells the two cases apart.
#
# Needs bash and dash of these versions, and /proc. Ends with 0 while all of this is so.
set -euo pipefail
[[ $BASH_VERSION == 5.2.15* ]] || { echo "expected bash 5.2.15, found $BASH_VERSION"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
expect() { [ "$2" = "$3" ] || { echo "$1: expected \"$3\", got \"$2\""; exit 1; }; }

# Starts SHELL with TRAP around a long command, ends the shell with SIGTERM, and says what came of the trap, the shell and the command.
try() {
  local shell=$1 trap=$2 of child status
  rm -f "$folder/trapped" "$folder/pid"
  "$shell" -c "trap 'echo yes >$folder/trapped' $trap; sh -c 'echo \$\$ >$folder/pid; exec sleep 60'; :" &
  of=$!
  for _ in $(seq 200); do [ -s "$folder/pid" ] && break; sleep 0.02; done
  child=$(cat "$folder/pid")
  # SIGXCPU is number 24.
  echo $((0x$(sed -n 's/^SigCgt:\t//p' "/proc/$of/status") >> 23 & 1)) >"$folder/xcpu"
  kill -TERM "$of"
  for _ in $(seq 25); do kill -0 "$of" 2>/dev/null || break; sleep 0.02; done
  kill -0 "$of" 2>/dev/null && status=waits || { wait "$of" && status=0 || status=$?; }
  echo "trap $(cat "$folder/trapped" 2>/dev/null || echo no), shell $status, command $(kill -0 "$child" && echo lives), SIGXCPU $([ "$(cat "$folder/xcpu")" = 1 ] && echo caught || echo left)"
  kill "$child"
  wait "$of" 2>/dev/null || true
}
expect "bash with an EXIT trap" "$(try bash EXIT 2>/dev/null)" "trap yes, shell 143, command lives, SIGXCPU caught"
expect "bash with a TERM trap" "$(try bash TERM 2>/dev/null)" "trap no, shell waits, command lives, SIGXCPU left"
expect "dash with an EXIT trap" "$(try dash EXIT 2>/dev/null)" "trap no, shell 143, command lives, SIGXCPU left"
echo "bash 5.2.15: with an EXIT trap SIGTERM ends the shell and runs the trap at once, while its command lives; dash runs no trap."
