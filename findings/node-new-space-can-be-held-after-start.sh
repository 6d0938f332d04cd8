#!/usr/bin/env bash
# Node 24.21.0 (V8 13.6), Linux x64, seen 2026-11-28: of two flags that limit the room for new objects, one works after the start.
#
# A process that makes garbage (200,000 arrays of a hundred numbers, of which it keeps the last 5,000) grows its new space to its full size, and keeps it.
# `v8.setFlagsFromString("--max-semi-space-size=1")` as its first statement is accepted and changes nothing: the size was fixed when the
# heap was made. `--semi-space-growth-factor=1`, set the same way, is read each time the space would grow, and keeps it at 1 MiB per half.
# So a program that becomes a server in the process it was started in, without a command line of its own, can still hold its memory.
#
# Needs bash and exactly that Node on the PATH. Ends with 0 while all of this is so.
set -euo pipefail
[ "$(node --version)" = v24.21.0 ] || { echo "Expected Node v24.21.0, found $(node --version)."; exit 1; }

# Prints the MiB of new space after the work, with that flag set by the program itself.
newSpace() {
  node -e '
    const v8 = require("node:v8");
    const [flag] = process.argv.slice(1);
    if (flag) v8.setFlagsFromString(flag);
    const recent = [];
    for (let turn = 0; turn < 200_000; turn++) recent[turn % 5_000] = Array.from({ length: 100 }, (_, index) => index + turn);
    const { space_size } = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    console.log(Math.round(space_size / 2 ** 20));
  ' -- "$@"
}

plain=$(newSpace)
limited=$(newSpace --max-semi-space-size=1)
held=$(newSpace --semi-space-growth-factor=1)
echo "new space after the work, MiB: $plain plain, $limited with --max-semi-space-size=1, $held with --semi-space-growth-factor=1"
[ "$plain" -ge 8 ] || { echo "expected at least 8 by itself"; exit 1; }
[ "$limited" -ge 8 ] || { echo "expected --max-semi-space-size to change nothing after the start"; exit 1; }
[ "$held" -le 3 ] || { echo "expected --semi-space-growth-factor=1 to hold it"; exit 1; }
