#!/usr/bin/env bash
# cron 4.4.0 (the npm package), Node 24.21.0, seen 2026-11-29: a job of half past every hour runs at 3:00 as well, in the night in which clocks go forward.
#
# Where an hour is left out, cron runs what was due in it at the end of the gap, so that a daily job of 2:30 is not lost. It does the same for jobs that come
# every hour, which lose nothing: "30 * * * *" in Vienna runs at 1:30, 3:00 and 3:30 on 29 March 2026. "*/30 * * * *" is not affected, since 3:00 is one of its
# own times. A job that reckons with an hour between two runs sees half of that.
#
# Needs npm and node. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact cron@4.4.0 >/dev/null
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import { CronTime } from "cron";
const { DateTime } = createRequire(import.meta.resolve("cron"))("luxon");
const zone = "Europe/Vienna";
for (const text of ["30 2 * * *", "30 * * * *"]) {
  const time = new CronTime(text, zone);
  let at = DateTime.fromISO("2026-03-29T01:00:00", { zone });
  const found = [];
  for (let count = 0; count < 3; count += 1) {
    at = time.getNextDateFrom(at, zone);
    found.push(at.toFormat("dd.HH:mm"));
  }
  console.log(text, "|", found.join(" "));
}
JS
said=$(node try.mjs)
wanted='30 2 * * * | 29.03:00 30.02:30 31.02:30
30 * * * * | 29.01:30 29.03:00 29.03:30'
[ "$said" = "$wanted" ] || { printf 'expected:\n%s\ngot:\n%s\n' "$wanted" "$said"; exit 1; }
echo "cron 4.4.0 runs a job of half past every hour at 1:30, 3:00 and 3:30 in that night."
