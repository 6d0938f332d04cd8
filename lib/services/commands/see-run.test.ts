import { describe, expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aRun, liveFacts, T0 } from "@/test/factories";
import { seeRun, seeRunWithRecovery } from "./see-run";

const LIVE = liveFacts({
  logBytes: 512,
  lastLifeAt: T0 + 50_000,
  progress: { extracted: 7, skipped: 0, total: null, message: null },
  usualGapMs: 2_000,
  peakMemoryBytes: 4_096,
  quietMs: 10_000,
});

describe("a run is seen", () => {
  test("as memory knows it, which is fresher than its row", () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running], at: T0 + 60_000, live: () => LIVE });
    const { run, health, recovery } = seeRun(ctx, running);
    expect(run).toMatchObject({ logBytes: 512, progress: LIVE.progress, peakMemoryBytes: 4_096 });
    expect(health?.health).toBe("healthy");
    expect(recovery).toBeNull();
    expect(ctx.saved.runs.get(running.id)).toEqual(running);
  });

  test("as orphaned when its process is not there", () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running], live: () => ({ ...LIVE, processAlive: false }) });
    expect(seeRun(ctx, running).health?.health).toBe("orphaned");
  });

  test("as stuck from the age that was asked for", () => {
    const running = aRun("running", { lastLifeAt: T0 + 2_000 });
    const live = () => ({ ...LIVE, lastLifeAt: T0 + 2_000, quietMs: 9_000_000, ranMs: 9_000_000 });
    const ctx = aContext({ runs: [running], at: T0 + 9_000_000, live });
    expect(seeRun(ctx, running, 3_600_000).health?.health).toBe("stuck");
    expect(seeRun(ctx, running, 90_000_000).health?.health).not.toBe("stuck");
  });

  test("without a verdict while its data folder is in doubt, and says so; what waits says it waits for that", () => {
    const held = { fact: "this dashboard", value: "waits for a person", at: null };
    const ctx = aContext({ heldBack: () => held, live: () => LIVE });
    expect(seeRun(ctx, aRun("running"))).toMatchObject({ health: null, facts: [held], run: { logBytes: 0 } });
    expect(seeRun(ctx, aRun("queued")).run.waitingFor).toBe("waits for a person");
    expect(seeRun(ctx, aRun("completed")).facts).toBeUndefined();
  });

  test("without a verdict as long as it could not be recovered, with how often that was tried", () => {
    const running = aRun("running");
    const whyUnrecovered = () => ({ runId: running.id, reason: "no permission", since: T0, tries: 3 });
    const ctx = aContext({ whyUnrecovered });
    const { health, facts } = seeRun(ctx, running);
    expect(health).toBeNull();
    expect(facts?.[0]?.value).toMatch(/no permission.*3 times/);
  });

  test("with what becomes of its work where that is asked for: of its checkpoint and of fresh progress", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended] });
    expect((await seeRunWithRecovery(ctx, ended)).recovery.verdict).toBe("dead");
    const live = aContext({ live: () => LIVE });
    expect((await seeRunWithRecovery(live, aRun("running"))).recovery.verdict).toBe("resumable");
  });
});
