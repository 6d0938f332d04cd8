import { describe, expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import type { Job } from "@/lib/domain/job";
import { restartJob } from "@/lib/services/jobs/restart-job";
import { tryRecovery } from "@/lib/services/recovery/try-recovery";
import { expectRefusal, wordsOf } from "@/test/a-context";
import { T0 } from "@/test/factories";
import { declared, following, given, job, KEY, newest, SHOP, SHOWN } from "@/test/parameter-runs";
import { startJob } from "./start-job";

describe("where the job declares something else by now", () => {
  const declaring = (properties: object, required: readonly string[] = []) => ({
    ...job,
    argv: ["crawl"],
    parameters: declared(properties, required),
  });
  const resumed = (its: Job, parameters?: Record<string, unknown>) => {
    const ctx = following(given("failed"), its);
    return { ctx, call: () => startJob(ctx, job.id, { trigger: "api", mode: "resume", parameters }) };
  };

  test.each([
    [{ pages: SHOP.pages, fast: SHOP.fast, apiKey: SHOP.apiKey }, "shop is no parameter of this job"],
    [{ ...SHOP, pages: { type: "integer", maximum: 5 } }, "pages: expected at most 5, found 7"],
    [{ ...SHOP, shop: { type: "string", enum: ["south"] } }, 'shop: expected one of "south", found "north"'],
    [{ ...SHOP, apiKey: { type: "string" } }, "apiKey was given as a password, and is none any more"],
    [
      { ...SHOP, apiKey: { type: "string", enum: ["a"] } },
      "apiKey was given as a password, and is none any more",
    ],
    [{ ...SHOP, apiKey: { type: "string", format: "date" } }, "apiKey was given as a password"],
    [{ ...SHOP, apiKey: { type: "integer" } }, "apiKey was given as a password"],
  ])("what does not fit %j any more is refused", async (properties, words) => {
    const { ctx, call } = resumed(declaring(properties));
    const error = await expectRefusal(ctx, "PARAMETERS_REFUSED", call);
    expect(error.message).toContain("does not fit what job");
    expect(error.message).toContain(words);
    expect(error.message + JSON.stringify(error.details)).not.toContain(KEY);
  });

  test("a password that is none any more is told neither where another value is given", async () => {
    const { ctx, call } = resumed(declaring({ ...SHOP, apiKey: { type: "string" } }), { apiKey: "a" });
    const error = await expectRefusal(ctx, "PARAMETERS_DIFFER", call);
    expect(error.message).toContain("with another apiKey");
    expect(error.message + JSON.stringify(error.details)).not.toContain(KEY);
  });

  test("a new default is taken, and a place in the command without a value is left out", async () => {
    const its = declaring({ ...SHOP, depth: { type: "integer", default: 2 }, note: { type: "string" } });
    const { call } = resumed({ ...its, argv: ["crawl", "--depth={{depth}}", "--note={{note}}"] });
    expect((await call()).spec).toMatchObject({
      argv: ["crawl", "--depth=2"],
      parameters: { ...SHOWN, depth: 2 },
    });
  });

  test("what is required only since can be given to a run that goes on", async () => {
    const its = declaring({ ...SHOP, region: { type: "string" } }, ["region"]);
    await expectRefusal(resumed(its).ctx, "PARAMETERS_REFUSED", resumed(its).call);
    expect((await resumed(its, { region: "eu" }).call()).spec.parameters).toEqual({ ...SHOWN, region: "eu" });
    const optional = resumed(declaring({ ...SHOP, region: { type: "string" } }), { region: "eu" });
    await expectRefusal(optional.ctx, "PARAMETERS_DIFFER", optional.call);
  });

  test("a value that has become a password is sealed from the next run on", async () => {
    const { ctx, call } = resumed(declaring({ ...SHOP, shop: { type: "string", format: "password" } }));
    const { spec, id } = await call();
    expect(spec).toMatchObject({ parameters: { shop: true }, parametersSecret: ["shop", "apiKey"] });
    expect(ctx.saved.runSecrets.get(id)).toEqual({ shop: "north", apiKey: KEY });
  });

  test("recovery does not start it and says why", async () => {
    const before = given("failed");
    const recoveries = [{ ...newStreak(job.id, before.id, T0), state: "waiting" } as const];
    const its = declaring({ pages: SHOP.pages });
    const ctx = following(before, its, { recoveries });
    await tryRecovery(ctx, job.id);
    expect((await newest(ctx))?.id).toBe(before.id);
    const { reason } = (await ctx.findRecovery(job.id)) ?? {};
    expect(reason).toContain("It could not be started: What run");
    expect(reason).toContain("shop is no parameter of this job");
  });

  test("a restart leaves a run alone that could not be followed by another", async () => {
    const before = given("running");
    const ctx = following(before, declaring({ pages: SHOP.pages }));
    await expectRefusal(ctx, "PARAMETERS_REFUSED", () => restartJob(ctx, job.id, {}));
    expect(wordsOf(ctx, before.id)).toEqual([]);
  });
});
