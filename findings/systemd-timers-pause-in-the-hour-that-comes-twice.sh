#!/usr/bin/env bash
# systemd 252 as Debian 12 packages it (252.39-1~deb12u2), seen 2026-11-29: a timer of every 30 minutes is silent for 90 minutes in the night in which clocks
# go back, and a daily one of 02:30 does not run at all in the night in which they go forward.
#
# OnCalendar= is computed on the wall clock of the zone. Of an hour that comes twice systemd takes the first only, also for *:0/30, so between 02:30 CEST and
# 03:00 CET nothing runs. A wall-clock time that does not exist is left out and not made up for: 02:30 on 29 March is followed by 02:30 on 30 March. Use
# OnUnitActiveSec= or a calendar in UTC ("*:0/30 UTC") where the distance counts, and times outside of 02:00 to 03:00 where each day counts.
#
# Needs bash, and systemd-analyze of that version. No systemd has to run. Ends with 0 while all of this is so.
set -euo pipefail
version=$(systemd-analyze --version | head -1)
[ "$version" = "systemd 252 (252.39-1~deb12u2)" ] || { echo "Expected systemd 252.39-1~deb12u2, found $version."; exit 1; }

elapses() {
  TZ=Europe/Vienna systemd-analyze calendar --iterations="$3" --base-time="$2 UTC" "$1" |
    sed -nE 's/^ *(Next elapse|Iter. #[0-9]+): //p' | cut -d' ' -f2- | tr '\n' ',' | sed 's/:00 CE/ CE/g'
}
expect() { [ "$2" = "$3" ] || { printf '%s:\n  expected %s\n  got      %s\n' "$1" "$3" "$2"; exit 1; }; }

expect "every 30 minutes" "$(elapses '*:0/30' '2026-10-24 23:45' 4)" \
  "2026-10-25 02:00 CEST,2026-10-25 02:30 CEST,2026-10-25 03:00 CET,2026-10-25 03:30 CET,"
expect "daily at 02:30" "$(elapses '02:30' '2026-03-28 00:00' 3)" \
  "2026-03-28 02:30 CET,2026-03-30 02:30 CEST,2026-03-31 02:30 CEST,"
echo "$version: 90 minutes without one of every 30, and no 02:30 on 29 March."
