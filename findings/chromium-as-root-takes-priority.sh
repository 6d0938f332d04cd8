#!/usr/bin/env bash
# Chromium 156.0.8078.108 as Debian 12 packages it, Linux 6.18, seen 2026-11-28: run by root, it sets its own priorities.
#
# Started under `nice -n 5` by root, headless, its browser process and its GPU process are at nice -8, and its zygotes at 0: ahead of
# everything on the machine that has not been reniced, whatever nice value it was given. Started the same way by an ordinary user, who may
# not raise a priority, all of its processes stay at 5.
#
# So the nice value that a supervisor gives a scraper does not hold for its browsers where both run as root. Four of them beside a test
# suite on two cores made everything else four times slower.
#
# Needs bash, root, su, a user `nobody`, and this version of Debian's chromium. Ends with 0 while all of this is so.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "This needs root."; exit 1; }
version=$(chromium --version 2>/dev/null | cut -d' ' -f2)
[ "$version" = 156.0.8078.108 ] || { echo "Expected Chromium 156.0.8078.108, found ${version:-none}."; exit 1; }
folder=$(mktemp -d)
chmod 777 "$folder"
started=
trap '[ -z "$started" ] || kill "$started" 2>/dev/null || true; sleep 1; rm -rf "$folder"' EXIT

# Prints "NICE TYPE" of each process of the browser whose profile lies in that folder. It ends by itself after 15 s at the most.
priorities() {
  profile=$folder/$1
  command="exec timeout 15 nice -n 5 chromium --headless --no-sandbox --disable-dev-shm-usage --remote-debugging-port=0 --user-data-dir=$profile about:blank"
  HOME=$folder setsid su -m -s /bin/bash "$1" -c "$command" >/dev/null 2>&1 &
  started=$!
  for _ in $(seq 100); do [ -s "$profile/DevToolsActivePort" ] && break; sleep 0.1; done
  sleep 1
  browser=$(pgrep -o -f "^/usr/lib/chromium/chromium .*--user-data-dir=$profile")
  ps -o ni=,args= -s "$(ps -o sid= -p "$browser" | tr -d ' ')" | grep /usr/lib/chromium/chromium | sed -En 's/^ *(-?[0-9]+) .*--type=([a-z-]+).*/\1 \2/p; t; s/^ *(-?[0-9]+) .*/\1 browser/p' | sort -u
  kill "$browser"
  wait "$started" 2>/dev/null || true
  started=
}

root=$(priorities root)
nobody=$(priorities nobody)
printf 'root:\n%s\nnobody:\n%s\n' "$root" "$nobody"
for expected in "-8 browser" "-8 gpu-process" "0 zygote"; do
  grep -qx -- "$expected" <<<"$root" || { echo "root: expected $expected"; exit 1; }
done
[ "$(cut -d' ' -f1 <<<"$nobody" | sort -u)" = 5 ] || { echo "nobody: expected 5 only"; exit 1; }
