import { expect, test } from "vitest";
import { toRunSpec } from "@/lib/domain/job";
import { startJob } from "@/lib/services/commands/start-job";
import { aContext, actionsOf, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { listLocks } from "./list-locks";
import { releaseLock } from "./release-lock";

const [a, b] = ["a", "b"].map((id) => aJob({ id: jobId(id), locks: ["site"] })) as [
  ReturnType<typeof aJob>,
  ReturnType<typeof aJob>,
];
const holder = aRun("running", { jobId: a.id, spec: toRunSpec(a, [], false) });

async function given() {
  const ctx = aContext({ jobs: [a, b], runs: [holder] });
  return { ctx, waits: await startJob(ctx, b.id, { trigger: "manual" }) };
}

test("locks are listed by name in pages, with who holds them and who waits", async () => {
  const { ctx, waits } = await given();
  const page = await listLocks(ctx, { limit: 1 });
  expect(page).toMatchObject({ items: [{ name: "job:a", holder: { id: holder.id } }], nextCursor: "job:a" });
  const rest = await listLocks(ctx, { limit: 1, cursor: "job:a" });
  expect(rest).toMatchObject({
    items: [{ name: "shared:site", holder: { id: holder.id }, waiting: [{ id: waits.id }] }],
    nextCursor: null,
  });
});

test("only the jobs' own or only the shared ones, where that is asked for, and the cursor is as people write it", async () => {
  const { ctx } = await given();
  const names = async (kind: "own" | "shared", cursor?: string) =>
    (await listLocks(ctx, { kind, limit: 9, cursor })).items.map(({ name }) => name);
  expect(await names("own")).toEqual(["job:a"]);
  expect(await names("shared")).toEqual(["shared:site"]);
  expect(await names("shared", "site")).toEqual([]);
  const spec = { ...holder.spec, locks: ["alpha", "beta"] };
  const two = aContext({ runs: [{ ...holder, spec }] });
  const { items } = await listLocks(two, { kind: "shared", limit: 9, cursor: "alpha" });
  expect(items.map(({ name }) => name)).toEqual(["shared:beta"]);
});

test("a lock that is taken away goes to who waits, under a new number, and the run that had it goes on", async () => {
  const { ctx, waits } = await given();
  const { outcome, lock } = await releaseLock(ctx, "site", { reason: "It hangs.", force: true });
  expect(outcome).toBe("taken_away");
  expect(lock).toMatchObject({ fence: 3, holder: { id: waits.id } });
  expect(ctx.saved.runs.get(holder.id)).toEqual(holder);
  expect(wordsOf(ctx, holder.id)).toEqual(["lock_taken_away"]);
  expect(actionsOf(ctx).at(-1)).toBe("lock.taken_away");
});
