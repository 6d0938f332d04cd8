#!/usr/bin/env bash
# croner 11.0.1, Node 24.21.0, seen 2026-11-29: a daily job of 23:30 does not run at all in the night in which Greenland changes its clocks.
#
# Where clocks go forward croner moves a fixed time of the hour that is left out to the end of the gap: 02:30 in Vienna runs at 03:00. It does so only if the
# end of the gap is on the same day. America/Nuuk goes from Saturday 23:00 to Sunday 00:00, so 23:30 of that Saturday is dropped, each year, and nothing says
# so. (America/Scoresbysund does the same.) A fixed time that must come once a day has to look for such gaps itself, as Unstuck does in lib/schedules/times.ts.
#
# Needs npm and node. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact croner@11.0.1 >/dev/null
cat >try.mjs <<'JS'
import { Cron } from "croner";
const next = (expression, timezone, after) =>
  new Cron(expression, { paused: true, timezone }).nextRuns(2, new Date(after)).map((at) => at.toISOString().slice(0, 16)).join(" ");
console.log("Vienna 02:30", next("30 2 * * *", "Europe/Vienna", "2026-03-28T12:00:00Z"));
console.log("Nuuk 22:30", next("30 22 * * *", "America/Nuuk", "2026-03-28T12:00:00Z"));
console.log("Nuuk 23:30", next("30 23 * * *", "America/Nuuk", "2026-03-28T12:00:00Z"));
JS
said=$(node try.mjs)
# 01:00 in UTC is 03:00 in Vienna. In Nuuk 23:30 of the 28th would be 01:00 of the 29th, and the first one that comes is of the 29th.
wanted='Vienna 02:30 2026-03-29T01:00 2026-03-30T00:30
Nuuk 22:30 2026-03-29T00:30 2026-03-29T23:30
Nuuk 23:30 2026-03-30T00:30 2026-03-31T00:30'
[ "$said" = "$wanted" ] || { printf 'expected:\n%s\ngot:\n%s\n' "$wanted" "$said"; exit 1; }
echo "croner 11.0.1 drops 23:30 in the night in which clocks in Nuuk go from 23:00 to 00:00."
