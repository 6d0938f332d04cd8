import { describe, expect, it } from "vitest";
import type { WorkerId } from "@/lib/domain/ids";
import type { Proof } from "@/lib/domain/ports/host";
import type { Run, RunState } from "@/lib/domain/run";
import { aRun, T0 } from "@/test/factories";
import { type ReleaseNeeds, releaseLock } from "./release-lock";

/** A lock held by a run in that state, of whose processes that is found; and what was done about it. */
function given(state: RunState | null, proof: Proof, more: Partial<ReleaseNeeds> = {}) {
  const done: string[] = [];
  const holder: Run | null = state === null ? null : aRun(state);
  const ctx: ReleaseNeeds = {
    actor: "operator",
    now: () => T0,
    findLock: async (name) => (name.endsWith("unknown") ? null : { name, fence: 4, acquiredAt: T0, holder }),
    proveGone: async () => proof,
    takeAwayLock: async (_lock, event, audit) => {
      done.push(`taken ${event.lock} at ${event.fence} because ${audit.reason}`);
      return true;
    },
    recordAudit: async ({ action, details }) => void done.push(`${action} ${details?.lock}`),
    nudge: () => void done.push("nudged"),
    ...more,
  };
  return { ctx, done };
}

const alive: Proof = { found: "alive", pids: [41, 42] };
const because = { reason: "It hangs." };

describe("releaseLock", () => {
  it("knows no lock that was never held", async () => {
    const { ctx } = given(null, alive);
    await expect(releaseLock(ctx, "unknown", because)).rejects.toMatchObject({ code: "LOCK_NOT_FOUND" });
  });

  it("has nothing to do for a free lock", async () => {
    const { ctx, done } = given(null, alive);
    expect(await releaseLock(ctx, "x", because)).toMatchObject({ outcome: "already_free", runId: null });
    expect(done).toEqual([]);
  });

  it.each(["x", "job:nightly"])(
    "audits and nudges when the holder of %s was gone and is over now",
    async (name) => {
      const { ctx, done } = given("running", { found: "gone", ended: true });
      expect(await releaseLock(ctx, name, because)).toMatchObject({ outcome: "holder_gone" });
      expect(done).toEqual([`lock.released ${name}`, "nudged"]);
    },
  );

  it("takes a shared lock from a live run by force alone, and says from whom it would", async () => {
    const { ctx, done } = given("running", alive);
    await expect(releaseLock(ctx, "x", because)).rejects.toMatchObject({
      code: "LOCK_HELD",
      message: expect.stringMatching(/alive \(pid 41, 42\).*repeat with force/),
      details: { pids: [41, 42], forcible: true },
    });
    expect(done).toEqual([]);
    expect(await releaseLock(ctx, "x", { ...because, force: true })).toMatchObject({ outcome: "taken_away" });
    expect(done).toEqual(["taken x at 4 because It hangs.", "nudged"]);
  });

  it("counts a run that is just being launched as alive", async () => {
    const { ctx } = given("starting", { found: "launching" });
    await expect(releaseLock(ctx, "x", because)).rejects.toThrow(/which is being launched/);
  });

  it.each<[string, RunState, Proof]>([
    ["job:nightly", "running", alive],
    ["job:nightly", "starting", { found: "launching" }],
    ["x", "running", { found: "elsewhere", workerId: "wrk_2" as WorkerId }],
    ["x", "queued", alive],
    ["x", "running", { found: "gone", ended: false }],
  ])("refuses %s of a %s run (%j) by force too", async (name, state, proof) => {
    const { ctx, done } = given(state, proof);
    await expect(releaseLock(ctx, name, { ...because, force: true })).rejects.toMatchObject({
      code: "LOCK_HELD",
    });
    expect(done).toEqual([]);
  });

  it("says it was free when the holder let go of it meanwhile", async () => {
    const { ctx } = given("running", alive, { takeAwayLock: async () => false });
    expect(await releaseLock(ctx, "x", { ...because, force: true })).toMatchObject({
      outcome: "already_free",
    });
  });
});
