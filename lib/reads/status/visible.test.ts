import { describe, expect, test } from "vitest";
import { StatusPage } from "@/lib/contracts/status";
import type { Access } from "@/lib/domain/access";
import type { JobId } from "@/lib/domain/ids";
import { aBoard } from "@/test/a-board";
import { aContext } from "@/test/a-context";
import { expectAsPromised } from "@/test/as-promised";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { statusBytes } from "./answer";
import { visibleTo } from "./visible";

const ofJob = (id: string): Access => ({ role: null, grants: [{ role: "viewer", on: `job:${id}` }] });
const ofTag = (tag: string): Access => ({ role: null, grants: [{ role: "operator", on: `tag:${tag}` }] });
const NOTHING: Access = { role: null, grants: [] };

/** Four jobs, of which b and d are of the tag eu; c has failed. */
function given() {
  const jobs = ["a", "b", "c", "d"].map((id) =>
    aJob({ id: jobId(id), title: id.toUpperCase(), tags: ["b", "d"].includes(id) ? ["eu"] : [] }),
  );
  const runs = [aRun("running", { jobId: jobId("b") }), aRun("failed", { jobId: jobId("c") })];
  const changed = new Set<JobId>();
  let first = true;
  const ctx = aContext({ jobs, runs, at: T0 + 90_000 });
  const board = aBoard(ctx, () => {
    if (first) {
      first = false;
      return "all";
    }
    const taken = new Set(changed);
    changed.clear();
    return taken;
  });
  const see = (access: Access) => visibleTo(board, access);
  return { ctx, board, changed, see };
}

const idsOf = async (board: ReturnType<typeof visibleTo>) =>
  (await board.now()).statuses.map(({ job }) => job.id);
const etagOf = async (board: ReturnType<typeof visibleTo>) => (await statusBytes(board, {}, null)).etag;
const read = async (board: ReturnType<typeof visibleTo>, query: Parameters<typeof statusBytes>[1] = {}) =>
  JSON.parse(String((await statusBytes(board, query, null)).body));

describe("who has a role for everything", () => {
  test("sees the board itself, with what is kept of it", async () => {
    const { board, see } = given();
    for (const role of ["operator", "admin"] as const)
      expect(see({ role, grants: ofJob("a").grants })).toBe(board);
    expect(await see({ role: "viewer", grants: [] }).now()).toBe(await board.now());
  });

  test("sees of a private log nothing that was said, unless a grant lets start the job, and gets it under a tag of its own", async () => {
    const jobs = [aJob({ id: jobId("a") }), aJob({ id: jobId("quiet"), privateLog: true })];
    const said = { lastWords: "Error: zq7", fingerprint: "Error: zq" };
    const runs = ["a", "quiet"].map((id) => aRun("failed", { jobId: jobId(id), ...said }));
    const board = aBoard(aContext({ jobs, runs, at: T0 + 90_000 }));
    const viewer = visibleTo(board, { role: "viewer", grants: [] });
    for (const query of [{}, { limit: 10 }, { fields: ["job", "run"] as const }]) {
      const seen = await read(viewer, query as Parameters<typeof statusBytes>[1]);
      expect(seen.items.map(({ run }: { run: object }) => run)).toMatchObject([
        { ...said, logHidden: false },
        { lastWords: null, fingerprint: null, logHidden: true },
      ]);
    }
    expectAsPromised(StatusPage.shape.items, (await read(viewer)).items);
    expect(await etagOf(viewer)).not.toBe(await etagOf(board));
    const granted = visibleTo(board, { role: "viewer", grants: [{ role: "operator", on: "job:quiet" }] });
    expect(await granted.now()).toBe(await board.now());
  });
});

describe("who has grants alone", () => {
  test("sees the jobs they are for, by their ids and tags", async () => {
    const { see } = given();
    expect(await idsOf(see(ofJob("c")))).toEqual(["c"]);
    expect(await idsOf(see(ofTag("eu")))).toEqual(["b", "d"]);
    expect(await idsOf(see({ role: null, grants: [...ofJob("a").grants, ...ofTag("eu").grants] }))).toEqual([
      "a",
      "b",
      "d",
    ]);
    expect(await idsOf(see(ofJob("none")))).toEqual([]);
    expect(await idsOf(see(NOTHING))).toEqual([]);
  });

  test("sees of the others neither title, count nor failure", async () => {
    const { see } = given();
    const page = await read(see(ofTag("eu")), { limit: 9 });
    expectAsPromised(StatusPage, page);
    expect(page).toMatchObject({ total: 2, summary: { jobs: 2, active: 1, attention: 0 } });
    const all = JSON.stringify([
      page,
      await read(see(ofTag("eu"))),
      await read(see(ofTag("eu")), { limit: 9, order: "attention", q: "c" }),
      await read(see(ofTag("eu")), { fields: ["job", "title"] }),
    ]);
    expect(all).not.toMatch(/"[AC]"|"[ac]"|nightly/);
  });

  test("sees each job as it is, with its own text and glance", async () => {
    const { board, see } = given();
    const [whole, part] = [await board.now(), await see(ofTag("eu")).now()];
    for (const [place, status] of part.statuses.entries()) {
      const there = whole.statuses.indexOf(status);
      expect(there).toBeGreaterThan(-1);
      expect([part.texts[place], part.glances[place]]).toEqual([whole.texts[there], whole.glances[there]]);
    }
    expect(part.at).toBe(whole.at);
  });

  test("sees a job that gets the tag from then on, and one that loses it no more", async () => {
    const { ctx, changed, see } = given();
    const retag = (id: string, tags: readonly string[]) => {
      const entry = ctx.saved.jobs.get(jobId(id)) ?? expect.fail();
      ctx.saved.jobs = new Map([...ctx.saved.jobs, [jobId(id), { ...entry, job: { ...entry.job, tags } }]]);
      changed.add(jobId(id));
    };
    const board = see(ofTag("eu"));
    await idsOf(board);
    retag("a", ["eu"]);
    retag("b", []);
    expect(await idsOf(board)).toEqual(["a", "d"]);
  });
});

describe("the tag of an answer", () => {
  test("is another one for the whole and for each part of it, so that none is taken for another", async () => {
    const { board, see } = given();
    const tags = [board, see(ofJob("a")), see(ofJob("b")), see(ofTag("eu")), see(NOTHING)];
    expect(new Set(await Promise.all(tags.map(etagOf))).size).toBe(5);
    const whole = await etagOf(board);
    const { etag, body } = await statusBytes(see(ofJob("a")), {}, whole);
    expect(etag).not.toBe(whole);
    expect(body).not.toBeNull();
  });

  test("tells nothing of the grants", async () => {
    const { see } = given();
    expect(await etagOf(see(ofTag("eu")))).not.toMatch(/eu|tag/);
  });

  test("stays the same for the same grants while nothing changes, and the answer is not made again", async () => {
    const { see } = given();
    const first = await statusBytes(see(ofTag("eu")), {}, null);
    expect((await statusBytes(see(ofTag("eu")), {}, first.etag)).body).toBeNull();
    expect((await statusBytes(see(ofTag("eu")), {}, null)).body).toBe(first.body);
  });

  test("changes with what is seen", async () => {
    const { ctx, changed, see } = given();
    const before = await etagOf(see(ofTag("eu")));
    const entry = ctx.saved.jobs.get(jobId("b")) ?? expect.fail();
    ctx.saved.jobs = new Map([
      ...ctx.saved.jobs,
      [jobId("b"), { ...entry, job: { ...entry.job, title: "Other" } }],
    ]);
    changed.add(jobId("b"));
    expect(await etagOf(see(ofTag("eu")))).not.toBe(before);
  });

  test("is right also where more kinds of grants ask than are kept", async () => {
    const { see } = given();
    for (let kind = 0; kind < 60; kind += 1) await idsOf(see(ofJob(`none-${kind}`)));
    expect(await idsOf(see(ofJob("a")))).toEqual(["a"]);
    expect(await etagOf(see(ofJob("a")))).toBe(await etagOf(see(ofJob("a"))));
  });
});
