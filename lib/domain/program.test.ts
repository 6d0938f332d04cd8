import { describe, expect, test } from "vitest";
import { programOf } from "./program";
import type { SeenProcess } from "./seen-process";
import type { StopSignal } from "./signal-profile";

type Makeup = {
  catches?: number[];
  ignores?: number[];
  startTicks?: number;
  input?: string;
  output?: string;
};
const INT = 2;
const QUIT = 3;
const TERM = 15;
/** What a run's program reads, and so whatever its shell does not give another input. */
const OWN = { input: "/dev/null (append)" };
/** What a shell without job control does to what it starts in the background, and what Node, Go and Java leave of it. */
const BACKGROUND = { ignores: [INT, QUIT], input: "/dev/null" };
const NODE = { catches: [INT, TERM], ...OWN };
const NODE_IN_BACKGROUND = { ...NODE, input: "/dev/null" };
const GO_IN_BACKGROUND = { catches: [QUIT, TERM], ignores: [INT] };

/** As a look has found it: pid, parent, command line. */
function seen(pid: number, parent: number, line: string | string[], makeup: Makeup = {}): SeenProcess {
  const argv = typeof line === "string" ? line.split(" ") : line;
  const { catches = [], ignores = [], startTicks = pid, input = null, output = null } = makeup;
  const signals = { catches: new Set(catches), ignores: new Set(ignores) };
  return { pid, parent, group: 1, startTicks, argv, input, output, ...signals };
}

function asked(signal: StopSignal, ...all: SeenProcess[]) {
  const [root] = all;
  if (root === undefined) throw new Error("Expected a process.");
  const { asked: program, wrappers } = programOf(all, root, signal);
  return { program: program.map(({ pid }) => pid), wrappers: wrappers.map(({ pid }) => pid) };
}

const one = (program: number, ...wrappers: number[]) => ({ program: [program], wrappers });

describe("FR-F3 the program behind a wrapper is the one that is asked", () => {
  test.each([
    "timeout 600",
    "tini -g --",
    "dumb-init",
    "nice -n 5",
    "flock /tmp/lock",
    "/usr/bin/stdbuf -oL",
    "sudo -u crawler",
    "node /usr/lib/node_modules/npm/bin/npx-cli.js",
    "/usr/bin/python3 /usr/bin/poetry run",
    "node /srv/node_modules/.bin/cross-env A=1",
    "node /srv/node_modules/cross-env/src/bin/cross-env.js A=1",
    "node /usr/share/nodejs/corepack/dist/pnpm.js run",
    "busybox timeout 5",
  ])("%s", (wrapper) => {
    const crawl = "/usr/bin/python3 /usr/bin/scrapy crawl shop";
    expect(asked("SIGINT", seen(10, 9, `${wrapper} scrapy crawl shop`), seen(11, 10, crawl))).toEqual(
      one(11, 10),
    );
  });

  test("wrappers in wrappers, and npm that calls itself by another name", () => {
    const all = [
      seen(10, 9, ["npm run crawl", "", ""]),
      seen(11, 10, ["sh", "-c", "timeout 60 xvfb-run -a node crawl.mjs"]),
      seen(12, 11, "timeout 60 xvfb-run -a node crawl.mjs"),
      seen(13, 12, "/bin/sh /usr/bin/xvfb-run -a node crawl.mjs"),
      seen(14, 13, "Xvfb :99 -screen 0 1280x1024x24"),
      seen(15, 13, "node crawl.mjs"),
      seen(16, 15, "/usr/lib/chromium/chromium --headless"),
    ];
    expect(asked("SIGTERM", ...all)).toEqual(one(15, 10, 11, 12, 13));
  });

  test("one whose program is not there (yet, or any more) is asked itself", () => {
    expect(asked("SIGTERM", seen(10, 9, "timeout 600 node a.mjs"))).toEqual(one(10));
  });

  test("a program is no wrapper because an argument of it is called like one", () => {
    expect(asked("SIGTERM", seen(10, 9, "node worker.mjs timeout"), seen(11, 10, "node child.mjs"))).toEqual(
      one(10),
    );
    expect(asked("SIGTERM", seen(10, 9, "python3 run.py sh"), seen(11, 10, "chromium"))).toEqual(one(10));
  });
});

describe("FR-F4 a script of the job's own is its program, though a wrapper has its name", () => {
  test.each([
    "node script.js",
    "node /srv/time.mjs",
    "nodejs env.cjs",
    "node op",
    "node dotenv.js",
    "bun nice.js",
    "python3 script.py",
    "python3 /srv/script",
    "/usr/bin/python3 npm",
  ])("%s", (line) => {
    const [own, browser] = [seen(10, 9, line), seen(11, 10, "/usr/lib/chromium/chromium --headless")];
    expect(asked("SIGTERM", own, browser)).toEqual(one(10));
    expect(asked("SIGTERM", seen(9, 8, ["sh", "-c", line]), own, browser)).toEqual(one(10, 9));
  });
});

describe("FR-F4 behind a shell", () => {
  test("of a pipeline the first member is asked, and tee lives until it has ended", () => {
    const shell = seen(10, 9, ["sh", "-c", "python3 scraper.py | tee -a out.txt"], { catches: [INT] });
    const all = [shell, seen(11, 10, "python3 scraper.py"), seen(12, 10, "tee -a out.txt")];
    expect(asked("SIGTERM", ...all)).toEqual(one(11, 10));
    expect(asked("SIGINT", ...all)).toEqual(one(11, 10));
  });

  test("a mere filter in front of the program, or a log that was opened before it, is not the program", () => {
    const cat = [seen(10, 9, "sh -c x"), seen(11, 10, "cat urls.txt"), seen(12, 10, "python3 scrape.py")];
    expect(asked("SIGTERM", ...cat)).toEqual(one(12, 10));
    const tee = [seen(10, 9, "bash run.sh"), seen(11, 10, "tee run.log"), seen(12, 10, "python3 scrape.py")];
    expect(asked("SIGTERM", ...tee)).toEqual(one(12, 10));
  });

  test("a subshell is gone through", () => {
    const all = [
      seen(10, 9, ["sh", "-c", "(cd a; node a.mjs) | cat"]),
      seen(11, 10, ["sh", "-c", "(cd a; node a.mjs) | cat"]),
      seen(12, 10, "cat"),
      seen(13, 11, "node a.mjs"),
    ];
    expect(asked("SIGTERM", ...all)).toEqual(one(13, 10, 11));
  });

  test("what it has started in the background is not what it waits for", () => {
    const [shell, crawl] = [seen(10, 9, "bash run.sh", OWN), seen(12, 10, "python3 scrape.py", OWN)];
    const quiet = seen(12, 10, "python3 scrape.py </dev/null", { input: "/dev/null" });
    const node = seen(12, 10, "node scrape.mjs", NODE);
    for (const proxy of [
      seen(11, 10, "python3 proxy.py", BACKGROUND),
      seen(11, 10, "node proxy.mjs", NODE_IN_BACKGROUND),
      seen(11, 10, "/usr/lib/chromium/chromium --headless", { input: "/dev/null" }),
      seen(11, 10, "proxy", GO_IN_BACKGROUND),
    ])
      for (const program of [crawl, quiet, node])
        expect(asked("SIGTERM", shell, proxy, program)).toEqual(one(12, 10));
    // Of an earlier version's run the inputs tell nothing.
    const unmarked = seen(10, 9, "bash run.sh", { input: "/dev/null" });
    expect(asked("SIGTERM", unmarked, seen(11, 10, "node proxy.mjs", NODE_IN_BACKGROUND), quiet)).toEqual(
      one(12, 10),
    );
  });

  test("bash, which always ignores SIGQUIT, is in the foreground unless it ignores SIGINT too", () => {
    const entry = seen(10, 9, "sh entrypoint.sh", { catches: [INT, TERM], ...OWN });
    const inner = seen(12, 11, "python3 a.py", OWN);
    const front = seen(11, 10, "bash crawl.sh", { catches: [INT], ignores: [QUIT], ...OWN });
    expect(asked("SIGTERM", entry, front, inner)).toEqual({ program: [10, 12], wrappers: [10, 11] });
    expect(asked("SIGTERM", entry, seen(11, 10, "bash crawl.sh", BACKGROUND), inner)).toEqual(one(10));
  });

  test("where all are in the background, each of them is asked", () => {
    const shell = ["sh", "-c", "node a.mjs & node b.mjs & wait"];
    const nodes = [
      seen(11, 10, "node a.mjs", NODE_IN_BACKGROUND),
      seen(12, 10, "timeout 9 node b.mjs", BACKGROUND),
      seen(13, 12, "node b.mjs", NODE_IN_BACKGROUND),
    ];
    const each = { program: [11, 13], wrappers: [10, 12] };
    expect(asked("SIGTERM", seen(10, 9, shell, OWN), ...nodes)).toEqual(each);
    // Of an earlier version's run it is not known that both are, but two cannot be in the foreground.
    const [a, , b] = nodes;
    const timeout = seen(12, 10, "timeout 9 node b.mjs", { catches: [QUIT], input: "/dev/null" });
    const unmarked = seen(10, 9, shell, { input: "/dev/null" });
    expect(asked("SIGTERM", ...[unmarked, a, timeout, b].filter((each) => each !== undefined))).toEqual(each);
  });

  test("of a pipeline in the background, too, the first member alone is asked", () => {
    const all = [
      seen(10, 9, "bash run.sh", OWN),
      seen(11, 10, "python3 list.py", { ...BACKGROUND, output: "pipe:[1]" }),
      seen(12, 10, "grep -v x", { ...BACKGROUND, input: "pipe:[1]", output: "pipe:[2]" }),
      seen(13, 10, "python3 load.py", { ...BACKGROUND, input: "pipe:[2]" }),
    ];
    expect(asked("SIGTERM", ...all)).toEqual(one(11, 10));
    const node = [
      seen(11, 10, "node list.mjs", { ...NODE_IN_BACKGROUND, output: "pipe:[1]" }),
      seen(12, 10, "node load.mjs", { ...NODE, input: "pipe:[1]" }),
    ];
    expect(asked("SIGTERM", seen(10, 9, "sh run.sh", OWN), ...node)).toEqual(one(11, 10));
    // bash's `load < <(list)`.
    const load = seen(12, 10, "python3 load.py", { input: "pipe:[1]" });
    const list = seen(11, 10, "python3 list.py", { ...BACKGROUND, output: "pipe:[1]" });
    expect(asked("SIGTERM", seen(10, 9, "bash run.sh", OWN), list, load)).toEqual(one(12, 10));
    // Two that read from each other.
    const pair = [
      seen(11, 10, "node a.mjs", { ...NODE, input: "pipe:[2]", output: "pipe:[1]" }),
      seen(12, 10, "node b.mjs", { ...NODE, input: "pipe:[1]", output: "pipe:[2]" }),
    ];
    expect(asked("SIGTERM", seen(10, 9, "sh run.sh", OWN), ...pair).program).toContain(11);
  });

  test("one with a trap is asked too: alone when it may run it now, else beside the program it waits for", () => {
    const entry = seen(10, 9, ["sh", "entrypoint.sh"], { catches: [INT, TERM] });
    const own = { ...entry, ...OWN };
    expect(asked("SIGTERM", own, seen(11, 10, "node a.mjs", NODE_IN_BACKGROUND))).toEqual(one(10));
    expect(asked("SIGTERM", entry, seen(11, 10, "server", GO_IN_BACKGROUND))).toEqual(one(10));
    expect(asked("SIGTERM", entry, seen(11, 10, "node a.mjs"))).toEqual({
      program: [10, 11],
      wrappers: [10],
    });
    // Every shell catches SIGINT while it waits, so that tells of no trap.
    expect(asked("SIGINT", entry, seen(11, 10, "node a.mjs"))).toEqual(one(11, 10));
  });

  test("bash with a trap for EXIT alone would run it at once, so it is not asked", () => {
    // As bash 5.2 catches for it: whatever would end it.
    const catches = [1, INT, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, TERM, 17, 24, 25, 26, 31];
    const script = seen(10, 9, "bash run.sh", { catches, ignores: [QUIT] });
    expect(asked("SIGTERM", script, seen(11, 10, "python3 a.py"))).toEqual(one(11, 10));
    expect(asked("SIGHUP", script, seen(11, 10, "python3 a.py", BACKGROUND))).toEqual(one(11, 10));
    expect(asked("SIGTERM", script, seen(11, 10, "sleep 60"))).toEqual({ program: [10, 11], wrappers: [] });
  });

  test("a script between two commands, or in its pause, is the program", () => {
    expect(asked("SIGTERM", seen(10, 9, "bash loop.sh"))).toEqual(one(10));
    const pausing = [seen(10, 9, "bash loop.sh"), seen(11, 10, "sleep 60")];
    expect(asked("SIGTERM", ...pausing)).toEqual({ program: [10, 11], wrappers: [] });
  });
});

test("FR-F4 the first member is the one that was started first, also where the pids have begun anew between the two", () => {
  const shell = seen(10, 9, "sh -c x", { startTicks: 1 });
  const late = seen(300, 10, "node first.mjs", { startTicks: 70 });
  expect(asked("SIGTERM", shell, seen(200, 10, "node second.mjs", { startTicks: 71 }), late)).toEqual(
    one(300, 10),
  );
  const last = seen(32_767, 10, "node first.mjs", { startTicks: 70 });
  expect(asked("SIGTERM", shell, seen(301, 10, "node second.mjs", { startTicks: 70 }), last)).toEqual(
    one(32_767, 10),
  );
});

test("FR-F3 a look in which two processes are each other's parent comes to an end", () => {
  const all = [seen(10, 11, "timeout 5 x"), seen(11, 10, "timeout 5 x")];
  expect(asked("SIGTERM", ...all).program).toHaveLength(1);
});
