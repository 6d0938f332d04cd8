#!/usr/bin/env bash
# Scrapy 2.8.0 (Debian's python3-scrapy 2.8.0-2, Python 3.11), seen 2026-11-27: a crawl that did nothing is called finished.
#
# All of these end with exit code 0, finish_reason 'finished' and "Spider closed (finished)":
# 1. start_requests() raises before its first request: no request, one error logged, `downloader/request_count` absent.
# 2. start_requests() raises after its first request: the rest is never made, and no statistic but log_count/ERROR shows it.
# 3. every callback raises: spider_exceptions/ValueError = responses, no item.
# 4. every page is answered with 500: httperror/response_ignored_count = response_received_count, no callback is ever called.
# 5. requests whose callback is a lambda cannot be written to a JOBDIR: scheduler/unserializable counts them, and nothing is logged about it
#    without SCHEDULER_DEBUG. After an orderly SIGINT active.json names a queue ([0]) of which there is no file: the requests that were
#    left are lost, and a resume has nothing to do but what it would start with.
#
# So neither exit code nor finish_reason tells whether a crawl did its work; the statistics do, but for 2.
# Newer Scrapy (read, not run) logs "Error while reading start items and requests" for 1 and 2 and counts spider_exceptions/count.
#
# Needs bash and a Python that has Scrapy 2.8 (Debian: apt-get install python3-scrapy). Ends with 0 while all of this is so.
set -euo pipefail
python=
for candidate in /usr/bin/python3 python3; do
  if "$candidate" -c 'import scrapy' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || { echo "Scrapy is not installed: apt-get install python3-scrapy" >&2; exit 2; }
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
export PYTHONDONTWRITEBYTECODE=1
cat > server.py <<'PYTHON'
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/slow/"): time.sleep(1)
        body = b"<h1>A page</h1>"
        self.send_response(500 if self.path.startswith("/500/") else 200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
"$python" server.py > port & server=$!
until [ -s port ]; do sleep 0.1; done
SITE="http://127.0.0.1:$(cat port)"; export SITE
cat > spider.py <<'PYTHON'
import os, scrapy
SITE = os.environ["SITE"]
class Spider(scrapy.Spider):
    name = "s"
    end = ""
    def start_requests(self):
        if self.end == "start": raise RuntimeError("no list")
        for n in range(1 if self.end == "lambda" else 3):
            yield scrapy.Request(f"{SITE}/{'500' if self.end == '500' else 'page'}/{n}")
            if self.end == "late": raise RuntimeError("the list broke off")
    def parse(self, response):
        if self.end == "callback": raise ValueError("not as expected")
        yield {"url": response.url}
        if self.end == "lambda" and "/page/" in response.url:
            for n in range(40):
                yield scrapy.Request(f"{SITE}/slow/{n}", callback=lambda response: self.parse(response))
PYTHON
crawl() { "$python" -m scrapy runspider spider.py -a end="$1" -s TELNETCONSOLE_ENABLED=0 -s RETRY_TIMES=0 "${@:2}" > "$1.log" 2>&1; }
has() { grep -q -- "$2" "$1.log" || { echo "$1: expected $2" >&2; tail -40 "$1.log" >&2; exit 1; }; }
lacks() { ! grep -q -- "$2" "$1.log" || { echo "$1: did not expect $2" >&2; exit 1; }; }
for end in start late callback 500; do
  crawl "$end"
  has "$end" "'finish_reason': 'finished'"
  has "$end" "Spider closed (finished)"
done
has start "'log_count/ERROR': 1"; lacks start "downloader/request_count"
has late "'downloader/request_count': 1"; has late "'item_scraped_count': 1"; has late "'log_count/ERROR': 1"; lacks late spider_exceptions
has callback "'spider_exceptions/ValueError': 3"; has callback "'response_received_count': 3"; lacks callback item_scraped_count
has 500 "'httperror/response_ignored_count': 3"; has 500 "'response_received_count': 3"; lacks 500 spider_exceptions
"$python" -m scrapy runspider spider.py -a end=lambda -s JOBDIR=job -s CONCURRENT_REQUESTS=2 -s TELNETCONSOLE_ENABLED=0 > lambda.log 2>&1 & crawl=$!
until grep -q "/slow/" lambda.log 2>/dev/null; do kill -0 "$crawl"; sleep 0.1; done
kill -INT "$crawl"; wait "$crawl"
has lambda "'finish_reason': 'shutdown'"; has lambda "'scheduler/unserializable': "; lacks lambda "Unable to serialize"
enqueued=$(sed -n "s/.*'scheduler\/enqueued': \([0-9]*\).*/\1/p" lambda.log); dequeued=$(sed -n "s/.*'scheduler\/dequeued': \([0-9]*\).*/\1/p" lambda.log)
[ "$enqueued" -gt "$dequeued" ] || { echo "expected requests to be left: $enqueued enqueued, $dequeued dequeued" >&2; exit 1; }
[ "$(cat job/requests.queue/active.json)" = "[0]" ] && [ ! -e job/requests.queue/0 ] || { echo "the JOBDIR is not as described" >&2; ls -lR job >&2; exit 1; }
echo "$("$python" -m scrapy version): as described; of $enqueued requests $dequeued were done and the JOBDIR holds none of the others."
