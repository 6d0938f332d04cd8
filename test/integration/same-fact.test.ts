import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unstuck } from "../cli";
import { oneServer } from "../one-server";
import { program } from "../programs";
import type { Answer } from "../server";
import { until } from "../until";

/** Asks page, API and command line for the same fact. A page is what the server renders of it, without its markup. */

const its = oneServer();

async function htmlOf(path: string): Promise<string> {
  return (await fetch(`${its.server.origin}${path}`)).text();
}

async function page(path: string): Promise<string> {
  const html = await htmlOf(path);
  const body = html.replaceAll(/<script\b.*?<\/script>/gs, " ").replaceAll(/<!--.*?-->/gs, "");
  return body
    .replaceAll(/<[^>]+>/g, "\n")
    .replaceAll("&#x27;", "'")
    .replaceAll(/\s+/g, " ");
}

async function cli(...args: string[]): Promise<string> {
  const called = unstuck({ socketOf: its.server.dataDir }, args, {
    cwd: its.op.cwd,
    env: { COLUMNS: "300" },
  });
  expect(await called.ended, called.output()).toMatchObject({ code: 0 });
  return called.out();
}

/** A run that somebody outside has killed. `script` says ready when it has left what it leaves. */
async function killed(job: string, script: string, more: Record<string, unknown> = {}): Promise<Answer> {
  await its.op.makeJob(job, ["sh", "-c", `${script}; echo ready; exec sleep 3600`], more);
  const run = await its.op.startReady(job);
  process.kill(run.pid, "SIGKILL");
  return its.op.over(run.id);
}

/** What is said of one run in all three places. */
async function said({ id, job }: Answer) {
  return { api: await its.op.run(id), page: await page(`/runs/${id}`), cli: await cli("status", job) };
}

const PROGRESS = "echo '::unstuck progress extracted=3952'";

test("UX-A1 why a run ended is the same on page, API and command line after its clean-up and the undo", async () => {
  const run = await killed("cleaned", "true");
  const { reason } = run;
  expect(reason).toContain("SIGKILL");
  const plan = await its.op.call("POST", "/api/v1/cleanup/plans", 201, { runs: [run.id] });
  await its.op.call("POST", `/api/v1/cleanup/plans/${plan.id}/apply`, 202, {});
  await its.op.runThat(run.id, "is cleaned", ({ state }) => state === "cleaned");
  const after = await said(run);
  expect(after.api.reason).toBe(reason);
  await until("the plan is applied", async () => {
    const { state } = await its.op.call("GET", `/api/v1/cleanup/plans/${plan.id}`, 200);
    return state === "applied";
  });
  await its.op.call("POST", `/api/v1/cleanup/plans/${plan.id}/undo`, 200, { reason: "test" });
  const undone = await said(run);
  expect(undone.api).toMatchObject({ state: "interrupted", reason, unsettled: true });
  for (const words of [after.page, after.cli, undone.page, undone.cli]) expect(words).toContain(reason);
  expect(undone.page).toContain("“test”");
});

test("UX-A2 progress without a checkpoint is kept and started again; a checkpoint is resumed from; a newer run supersedes", async () => {
  const progress = await killed("progress", PROGRESS);
  const again =
    "It had done 3,952. No checkpoint is named, so a new run starts from the beginning unless the program keeps its own place.";
  const first = await said(progress);
  expect(first.api).toMatchObject({ verdict: "resumable", resumeFrom: null, verdictSentence: again });
  expect(first.page).toContain("Start again");
  expect(first.page).not.toMatch(/Can go on|Yes, from/);
  for (const words of [first.page, first.cli]) expect(words).toContain(again);
  expect(await its.op.call("GET", "/api/v1/jobs/progress/precheck", 200)).toMatchObject({
    precheck: "resume",
  });

  const kept = await killed("kept", `echo '{"page":131}' >kept.json`, { checkpoint: "kept.json" });
  const from = "checkpoint kept.json, page 131";
  const second = await said(kept);
  expect(second.api).toMatchObject({ verdict: "resumable", resumeFrom: from });
  for (const words of [second.page, second.cli]) expect(words).toContain(`from ${from}`);
  expect(await cli("precheck", "kept")).toContain(from);
  const row = await until("the list knows it too", async () => {
    const [listed] = await its.op.runsOf("kept");
    return listed.resumeFrom === null ? null : listed;
  });
  expect(row.resumeFrom).toBe(from);

  const next = await its.op.running((await its.op.start("progress")).id);
  expect(next).toMatchObject({ parentRunId: progress.id, lineageId: progress.lineageId });
  const old = { api: await its.op.run(progress.id), page: await page(`/runs/${progress.id}`) };
  expect(old.api).toMatchObject({ superseded: true, resumeFrom: null, unsettled: false });
  expect(old.page).toContain("Superseded");
  const listed = JSON.parse(await cli("runs", "--job", "progress", "--json")).items;
  expect(listed.map(({ superseded }: Answer) => superseded)).toEqual([false, true]);
});

test("UX-A2 a completed run has nothing to resume, whatever it left", async () => {
  writeFileSync(join(its.op.cwd, "done.json"), '{"page":9,"finishedAt":"now"}');
  await its.op.makeJob("done", ["sh", "-c", PROGRESS], { checkpoint: "done.json" });
  const run = await its.op.over((await its.op.start("done")).id);
  const done = await said(run);
  expect(done.api).toMatchObject({ state: "completed", verdict: "complete", resumeFrom: null });
  for (const words of [done.page, done.cli]) expect(words).toContain("Finished: nothing to resume");
  const refused = await its.op.call("POST", "/api/v1/jobs/done/start", 409, { mode: "resume" });
  expect(refused).toMatchObject({ code: "NOTHING_TO_RESUME" });
});

test("UX-A3 UX-A4 a living process is hung and never dead, and each fact about it stands there once", async () => {
  const timeouts = { silenceMs: 1_000 };
  const run = await its.op.runningJob("hang", program("forever"), { timeouts, onSilence: "flag" });
  const stuck = await until("it hangs", async () => {
    const answer = await its.op.call("GET", "/api/v1/stuck?ageHours=0&job=hang", 200);
    return answer.items.length === 1 ? answer : null;
  });
  expect(stuck).toMatchObject({ counts: { hung: 1, dead: 0 }, items: [{ category: "hung" }] });
  const list = await cli("stuck", "--age-hours", "0", "--job", "hang");
  expect(list).toMatch(/^1 hung\n/);
  expect(await page("/stuck?age=0")).toContain("Hung: alive");
  const alive = await said(run);
  expect(alive.api).toMatchObject({ verdict: null, resumeFrom: null });
  expect(alive.cli).not.toMatch(/dead/);
  expect(alive.page).toContain("Nothing to resume from yet");
  for (const words of [alive.page, alive.cli, list]) expect(words).not.toMatch(/\bdead\b/i);
  const facts = alive.api.evidence.map(({ fact }: Answer) => fact);
  expect(facts).toEqual([...new Set(facts)]);
  expect(alive.page.match(/Last sign of life/g)).toHaveLength(1);
  expect(alive.cli.match(/last sign of life/g)).toHaveLength(1);
});

test("UX-A7 a stop is requested until the run is over, and says by whom", async () => {
  const file = join(its.op.cwd, "let-go");
  await its.op.makeJob("slow", program("ends-slowly", file));
  const run = await its.op.startReady("slow");
  await its.op.stop("slow", { graceMs: 300_000, reason: "lunch" });
  const stopping = await said(run);
  const { reason } = stopping.api;
  expect(reason).toMatch(/^Stop requested by \w+: “lunch”\.$/);
  for (const words of [stopping.page, stopping.cli]) expect(words).toContain(reason);
  expect(stopping.page).toContain("Stopping, within its grace period.");
  expect(stopping.page).not.toContain("Stopped by");
  writeFileSync(file, "");
  expect(existsSync(file)).toBe(true);
  await its.op.over(run.id);
  const over = await said(run);
  expect(over.api.reason).toBe(reason.replace("Stop requested", "Stopped"));
  for (const words of [over.page, over.cli]) expect(words).toContain(over.api.reason);
});

test("a page names jobs by their titles, and brings the status of jobs only where it shows it", async () => {
  await its.op.makeJob("titled", ["/bin/true"], { title: "Prices of the week" });
  await its.op.over((await its.op.start("titled")).id);
  expect(await page("/runs")).toContain("Prices of the week");
  const bringsStatus = async (path: string) => (await htmlOf(path)).includes("managedProcess");
  expect(await Promise.all(["/", "/jobs"].map(bringsStatus))).toEqual([true, true]);
  const others = ["/runs", "/stuck", "/locks", "/cleanups", "/jobs/new"];
  expect(await Promise.all(others.map(bringsStatus))).toEqual(others.map(() => false));
});
