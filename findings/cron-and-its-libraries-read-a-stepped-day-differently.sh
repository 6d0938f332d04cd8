#!/usr/bin/env bash
# Debian's cron 3.0pl1-162 against croner 11.0.1, cron-parser 5.10.6, cron 4.4.0 and node-cron 4.6.0 (Node 24.21.0), seen 2026-11-29: the same line of a
# crontab comes on other days when a library reads it.
#
# Where day of the month and day of the week are both restricted, either may fit. crontab(5): restricted is a field that does not *contain* a star; cron tests
# the first character. So "*/2 * MON" means Mondays with an odd date, and 2026-01-07, a Wednesday, is none. croner, cron-parser and cron take a field for
# unrestricted only if it is the star alone: they run that job on every odd date and on every Monday, four times as often. node-cron wants both days in any
# case, so that "13 * FRI" is a Friday the 13th there, and cron's is every Friday and every 13th.
#
# Really runs cron, for some seconds each, as root in a folder of its own (chroot) under libfaketime. Needs bash, root, npm, node, dpkg-deb and an apt that has
# these versions. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download cron=3.0pl1-162 libfaketime=0.9.10-2.1
for package in *.deb; do dpkg-deb -x "$package" unpacked; done
mkdir -p root/{bin,lib,dev,tmp,var/run,run,etc/cron.d,etc/pam.d,usr/sbin,var/spool/cron/crontabs,lib/x86_64-linux-gnu/security}
copy() {
  cp -L "$1" "root$2"
  ldd "$1" | grep -oE '/[^ ]+' | sort -u | while read -r file; do mkdir -p "root$(dirname "$file")"; cp -Ln "$file" "root$file"; done
}
copy unpacked/usr/sbin/cron /usr/sbin/cron
copy unpacked/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1 /lib/libfaketimeMT.so.1
copy "$(command -v dash)" /bin/sh
copy "$(command -v env)" /bin/env
copy "$(find /lib/x86_64-linux-gnu/security /usr/lib/x86_64-linux-gnu/security -name pam_permit.so -print -quit)" /lib/x86_64-linux-gnu/security/pam_permit.so
copy "$(find /lib/x86_64-linux-gnu -name 'libnss_files.so.2' -print -quit)" /lib/x86_64-linux-gnu/libnss_files.so.2
mknod root/dev/null c 1 3
chmod 666 root/dev/null
for kind in auth account session password; do echo "$kind sufficient pam_permit.so"; done >root/etc/pam.d/cron
cp root/etc/pam.d/cron root/etc/pam.d/other
echo 'root:x:0:0:root:/tmp:/bin/sh' >root/etc/passwd
echo 'root:x:0:' >root/etc/group
echo 'root:*:1::::::' >root/etc/shadow
cat >root/etc/crontab <<'CRON'
1 12 * * * root echo daily >>/tmp/fired
1 12 */2 * MON root echo stepped >>/tmp/fired
1 12 13 * FRI root echo both >>/tmp/fired
CRON

# What cron runs on that day: its clock starts 30 seconds before the minute and is 60 times as fast.
cron_on() {
  rm -f root/tmp/fired
  timeout 4 chroot root /bin/env -i TZ=UTC LD_PRELOAD=/lib/libfaketimeMT.so.1 FAKETIME="@$1 12:00:30 x60" /usr/sbin/cron -f >/dev/null 2>&1 || true
  sort root/tmp/fired | tr '\n' ' '
}
expect() { [ "$2" = "$3" ] || { printf '%s: expected "%s", got "%s"\n' "$1" "$3" "$2"; exit 1; }; }
expect "Friday the 2nd" "$(cron_on 2026-01-02)" "both daily "
expect "Monday the 5th" "$(cron_on 2026-01-05)" "daily stepped "
expect "Wednesday the 7th" "$(cron_on 2026-01-07)" "daily "
expect "Monday the 12th" "$(cron_on 2026-01-12)" "daily "
expect "Tuesday the 13th" "$(cron_on 2026-01-13)" "both daily "

printf '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact croner@11.0.1 cron-parser@5.10.6 cron@4.4.0 node-cron@4.6.0 >/dev/null
cat >try.mjs <<'JS'
import { CronTime } from "cron";
import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import nodeCron from "node-cron";
const days = ["2026-01-02", "2026-01-05", "2026-01-07", "2026-01-12", "2026-01-13"];
const noon = (day) => new Date(`${day}T12:01:00Z`);
const before = (day) => new Date(`${day}T12:00:59Z`);
const comes = {
  croner: (text, day) => +new Cron(text, { paused: true, timezone: "UTC" }).nextRun(before(day)),
  "cron-parser": (text, day) => CronExpressionParser.parse(text, { tz: "UTC", currentDate: before(day) }).next().getTime(),
  cron: (text, day) => new CronTime(text, "UTC").getNextDateFrom(before(day), "UTC").toMillis(),
  "node-cron": (text, day) => (nodeCron.createTask(text, () => {}, { timezone: "UTC" }).match(noon(day)) ? +noon(day) : 0),
};
for (const text of ["1 12 */2 * MON", "1 12 13 * FRI"])
  for (const [name, at] of Object.entries(comes))
    console.log(text, name, days.filter((day) => at(text, day) === +noon(day)).map((day) => day.slice(8)).join(" "));
JS
said=$(node try.mjs)
wanted='1 12 */2 * MON croner 05 07 12 13
1 12 */2 * MON cron-parser 05 07 12 13
1 12 */2 * MON cron 05 07 12 13
1 12 */2 * MON node-cron 05
1 12 13 * FRI croner 02 13
1 12 13 * FRI cron-parser 02 13
1 12 13 * FRI cron 02 13
1 12 13 * FRI node-cron '
[ "$said" = "$(printf '%s' "$wanted")" ] || { printf 'expected:\n%s\ngot:\n%s\n' "$wanted" "$said"; exit 1; }
echo 'cron runs "*/2 * MON" on the 5th only; croner, cron-parser and cron also on the 7th, 12th and 13th. node-cron runs "13 * FRI" on Friday the 13th only.'
