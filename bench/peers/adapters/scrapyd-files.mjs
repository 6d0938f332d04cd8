import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A runner is a documented option: this one becomes the probe, so that Scrapy's own start is not charged to the daemon. */
const RUNNER = `import json, os, sys
a = sys.argv[1:]
if a[0] == "list":
    print("job")
    print("tick")
    raise SystemExit
args, settings, i = {}, {}, 2
while i + 1 < len(a):
    k, v = a[i + 1].split("=", 1)
    (settings if a[i] == "-s" else args)[k] = v
    i += 2
if settings.get("LOG_FILE") and args.get("to") != "pipe":
    fd = os.open(settings["LOG_FILE"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(fd, 1)
    os.dup2(fd, 2)
argv = json.loads(args["argv"])
os.execv(argv[0], argv)
`;

/** A real spider that writes the probe's stamp and ends. */
const SPIDER = `import os, time, scrapy
class Tick(scrapy.Spider):
    name = "tick"
    custom_settings = {"TELNETCONSOLE_ENABLED": False}
    def start_requests(self):
        with open(os.path.join(self.dir, "%s.%d" % (self.label, os.getpid())), "w") as f:
            f.write("%d\\n" % time.clock_gettime_ns(time.CLOCK_MONOTONIC))
        return iter(())
`;

/**
 * @param {string} folder
 * @param {{ port: number, pollSeconds: number, runner: string }} settings
 */
function configOf(folder, { port, pollSeconds, runner }) {
  return `[scrapyd]
bind_address = 127.0.0.1
http_port = ${port}
eggs_dir = ${folder}/eggs
logs_dir = ${folder}/logs
dbs_dir = ${folder}/dbs
max_proc = 1200
jobs_to_keep = 5000
finished_to_keep = 5000
poll_interval = ${pollSeconds}
runner = ${runner}
[settings]
default = bench_settings
`;
}

/**
 * @param {string} folder
 * @param {{ port: number, pollSeconds: number, real: boolean }} settings `real`: Scrapyd's own runner
 */
export function writeProject(folder, { port, pollSeconds, real }) {
  const runner = real ? "scrapyd.runner" : "bench_runner";
  const files = {
    "bench_runner.py": RUNNER,
    "bench_settings.py": 'SPIDER_MODULES = ["bench_spiders"]\nBOT_NAME = "bench"\n',
    "bench_spiders/__init__.py": "",
    "bench_spiders/tick.py": SPIDER,
    "scrapy.cfg": "[settings]\ndefault = bench_settings\n",
    "scrapyd.conf": configOf(folder, { port, pollSeconds, runner }),
  };
  mkdirSync(join(folder, "bench_spiders"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
