import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { endChild } from "../children";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { startByHand } from "../pid-files";
import { kill } from "../processes";
import { type Answer, startServer } from "../server";
import { until } from "../until";

/**
 * The status of all jobs is kept; that of one job is worked out for each call. Whatever happens, both say the same, and who holds an
 * older answer is told that it is not true any more.
 */
const its = oneServer();
const PATH = "/api/v1/status";
const sh = (script: string) => ["/bin/sh", "-c", script];

const ask = (etag = "", path = PATH, origin = its.server.origin, method = "GET") =>
  fetch(`${origin}${path}`, { method, headers: etag === "" ? {} : { "if-none-match": etag } });

type Seen = { readonly etag: string; readonly item: Answer };

async function seen(job: string): Promise<Seen> {
  const answer = await ask();
  const { items } = (await answer.json()) as Answer;
  return { etag: answer.headers.get("etag") ?? "", item: items.find((item: Answer) => item.job === job) };
}

/** Without what changes by time alone. */
function timeless(item: Answer): Answer {
  if (!item?.run) return item;
  const evidence = item.run.evidence.map(({ value, ...fact }: Answer) => ({
    ...fact,
    value: value.replace(/(?:\d+ (?:d|h|min|s|ms)\b ?)+/g, ""),
  }));
  return { ...item, run: { ...item.run, durationMs: null, evidence } };
}

/** The kept status has become as wanted, is what is worked out now, and an older answer is not confirmed. */
async function becomes(job: string, before: Seen, wanted: (item: Answer) => boolean): Promise<Seen> {
  return until(`${job} is as wanted, and the same in both`, async () => {
    const fresh = await its.op.status(job);
    const now = await seen(job);
    if (!wanted(now.item)) return null;
    expect((await ask(before.etag)).status).toBe(200);
    return JSON.stringify(timeless(now.item)) === JSON.stringify(timeless(fresh)) ? now : null;
  });
}

describe("what was answered with 2xx is in the next status", () => {
  test("a job made, changed and deleted", async () => {
    const none = await seen("edited");
    await its.op.makeJob("edited", ["sleep", "3600"]);
    const made = await seen("edited");
    expect(made.item).toMatchObject({ title: "edited", state: "IDLE", run: null });
    await its.op.call("PATCH", "/api/v1/jobs/edited", 200, { version: 1, title: "Other" });
    const changed = await seen("edited");
    expect(changed.item.title).toBe("Other");
    await its.op.call("DELETE", "/api/v1/jobs/edited", 204);
    const gone = await seen("edited");
    expect(gone.item).toBeUndefined();
    expect(new Set([none, made, changed, gone].map(({ etag }) => etag)).size).toBe(4);
  });

  test("a start and a stop", async () => {
    await its.op.makeJob("started", ["sleep", "3600"]);
    const idle = await seen("started");
    const { id } = await its.op.start("started");
    expect((await seen("started")).item).toMatchObject({ state: "RUNNING", run: { id } });
    const running = await becomes("started", idle, ({ run }) => run.state === "running");
    await its.op.stop("started");
    expect((await seen("started")).item.run.state).not.toBe("running");
    await becomes("started", running, ({ run }) => run.state === "stopped");
  });
});

describe("what happens by itself is in it soon", () => {
  test("output, progress, silence, and the end of a program that was killed", async () => {
    const timeouts = { silenceMs: 1_000 };
    await its.op.makeJob("told", sh("read go <go; echo '::unstuck progress extracted=7'; exec sleep 3600"), {
      timeouts,
      onSilence: "flag",
    });
    const idle = await seen("told");
    execFileSync("mkfifo", [join(its.op.cwd, "go")]);
    await its.op.start("told");
    const quiet = await becomes("told", idle, ({ run }) => run?.state === "running");
    writeFileSync(join(its.op.cwd, "go"), "go\n");
    const spoken = await becomes("told", quiet, ({ run }) => run.progress?.extracted === 7);
    const silent = await becomes("told", spoken, ({ health }) => health === "silent");
    kill(silent.item.pid, "SIGKILL");
    const ended = await becomes("told", silent, ({ run }) => run.state === "interrupted");
    expect(ended.item).toMatchObject({ state: "FAILED", pid: null, run: { cause: "killed_outside" } });
  });

  test("why a run waits", async () => {
    for (const job of ["holder", "waiter"]) await its.op.makeJob(job, ["sleep", "3600"], { locks: ["same"] });
    await its.op.running((await its.op.start("holder")).id);
    const idle = await seen("waiter");
    await its.op.start("waiter");
    const waits = await becomes("waiter", idle, ({ run }) => run?.waitingFor?.includes("same"));
    await its.op.stop("holder", { graceMs: 0 });
    await becomes("waiter", waits, ({ run }) => run.state === "running");
  });

  test("who is behind a pid file", async () => {
    await its.op.makeJob("outside", ["sleep", "3600"], { pidFile: "outside.pid" });
    const idle = await seen("outside");
    const child = await startByHand(join(its.op.cwd, "outside.pid"));
    const there = await becomes("outside", idle, ({ foreign }) => foreign?.pid === child.pid);
    await endChild(child);
    await becomes("outside", there, ({ foreign }) => foreign === null);
  });
});

describe("over HTTP", () => {
  test("what has not changed is not sent again, nor is a body to HEAD", async () => {
    await its.op.makeJob("steady", ["sleep", "3600"]);
    await its.op.running((await its.op.start("steady")).id);
    const unchanged = await until("nothing changes any more", async () => {
      const { etag } = await seen("steady");
      const again = await ask(etag);
      return again.status === 304 ? again : null;
    });
    expect(await unchanged.text()).toBe("");
    expect(unchanged.headers.get("cache-control")).toBe("private, no-cache");
    expect(unchanged.headers.get("content-security-policy")).not.toBeNull();
    const head = await ask("", PATH, its.server.origin, "HEAD");
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
  });

  test("some fields alone, and one that there is not is refused by name", async () => {
    const some = (await (await ask("", `${PATH}?fields=job,state`)).json()) as Answer;
    expect(some.items).toContainEqual({ job: "steady", state: "IDLE" });
    const refused = await ask("", `${PATH}?fields=job,nonsense`);
    expect(refused.status).toBe(400);
    const problem = (await refused.json()) as Answer;
    expect(problem.code).toBe("INVALID_INPUT");
    expect(problem.detail).toContain("fields");
  });

  test("what an earlier dashboard has answered is not confirmed by the next", async () => {
    const { etag } = await seen("steady");
    const { dataDir } = its.server;
    await its.server.kill();
    its.server = await startServer({ dataDir });
    its.op = operator(its.server);
    expect((await ask(etag)).status).toBe(200);
  });
});
