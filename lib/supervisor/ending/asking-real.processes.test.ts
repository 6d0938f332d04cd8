import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { CHROMIUM_NAMES, onPath } from "@/scripts/prepare/debian.mjs";
import { linesOf, startTree, without } from "@/test/asked-tree";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";

/** What people run, stopped as a run of theirs is. */

/** A hang guard: real programs, on a machine that does other things as well. */
vi.setConfig({ testTimeout: 300_000 });

const PROGRAMS = join(import.meta.dirname, "../../../test/programs");
/** More by hand, to see that it is no luck: STOPS=5. */
const STOPS = Number(process.env.STOPS ?? 1);
const noScrapy = without("scrapy");

const WRAPPERS = [["timeout", "600"], ["tini", "-s", "--"], ["tini", "-s", "-g", "--"], ["dumb-init"]].filter(
  ([name = ""]) => without(name) === null,
);

test.skipIf(noScrapy !== null)(
  `FR-F3 Scrapy closes in order behind timeout, tini, tini -g and dumb-init${noScrapy ?? without("tini", "dumb-init") ?? ""}`,
  async () => {
    const folder = temporaryFolder();
    for (let round = 0; round < STOPS; round += 1) {
      const crawls = WRAPPERS.map((wrapper, at) => {
        const log = join(folder, `${round}.${at}.log`);
        const own = ["-s", `LOG_FILE=${log}`, "-s", `JOBDIR=${join(folder, `${round}.${at}.jobdir`)}`];
        const argv = [...wrapper, "scrapy", "runspider", join(PROGRAMS, "crawls-slowly.py"), ...own];
        return { log, tree: startTree(argv, { cwd: folder, env: { PYTHONDONTWRITEBYTECODE: "1" } }) };
      });
      await until("all crawl", () =>
        crawls.every(({ log }) => linesOf(log).some((line) => line.includes("Crawled (200)"))),
      );
      const asked = await Promise.all(crawls.map(({ tree }) => tree.ask({ kind: "scrapy" })));
      for (const [at, { log, tree }] of crawls.entries()) {
        const text = readFileSync(log, "utf8");
        expect(text, tree.command).toContain("Spider closed (shutdown)");
        expect(text, tree.command).not.toContain("twice");
        expect(asked[at]?.ended, tree.command).toEqual({ code: 0, signal: null });
        expect(asked[at]?.rounds.map(({ signal }) => signal)).toEqual(["SIGINT"]);
      }
    }
  },
);

const chromium = process.env.CHROMIUM ?? onPath(CHROMIUM_NAMES);

test.skipIf(chromium === null)(
  `FR-F4 a browser lives until its program has saved the session${chromium === null ? " [skipped: no Chromium on PATH]" : ""}`,
  async () => {
    for (const kind of ["command", "crawlee"] as const) {
      const file = join(temporaryFolder(), "session");
      const tree = startTree([process.execPath, join(PROGRAMS, "saves-session.mjs"), file, chromium ?? ""]);
      await until("the browser is open", () => linesOf(file).includes("ready"));
      expect((await tree.members()).length).toBeGreaterThan(3);
      const { ended, rounds } = await tree.ask({ kind });
      expect(linesOf(file)).toEqual(["ready", "saved kept"]);
      expect(ended).toEqual({ code: 0, signal: null });
      expect(rounds).toHaveLength(1);
    }
  },
);

/** In Debian's redis-tools the server has another name; by which it is called decides what it is. */
const redis = onPath(["redis-server", "redis-check-rdb"]);
const noRedis = redis === null ? without("redis-server") : null;

test.skipIf(noRedis !== null)(
  `FR-A5 redis-server as a job in the foreground is asked once and ends in order${noRedis ?? ""}`,
  async () => {
    const folder = temporaryFolder();
    const log = join(folder, "redis.log");
    const own = [
      "--port",
      "0",
      "--unixsocket",
      join(folder, "s"),
      "--dir",
      folder,
      "--daemonize",
      "no",
      "--logfile",
      log,
    ];
    const server = join(folder, "redis-server");
    symlinkSync(redis ?? "", server);
    const tree = startTree([server, ...own]);
    await until("it is ready", () => linesOf(log).some((line) => line.includes("ready to accept")));
    expect((await tree.ask()).ended).toEqual({ code: 0, signal: null });
    expect(readFileSync(log, "utf8")).toMatch(/Received SIGTERM[\s\S]*Redis is now ready to exit/);
  },
);
