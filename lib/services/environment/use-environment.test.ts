import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { T0 } from "@/test/factories";
import { useEnvironment } from "./use-environment";

const RECORDED = { use: "recorded", names: ["HTTPS_PROXY"], recordedAt: T0 } as const;
const SHORT = { ...RECORDED, use: "short" } as const;

test("CR-7.2 the short environment can be switched to and back, because the list is kept", async () => {
  const ctx = aContext({ tables: { environment: RECORDED } });
  expect(await useEnvironment(ctx, { use: "short", reason: "Jobs set it." })).toEqual(SHORT);
  expect(ctx.saved.environment).toEqual(SHORT);
  expect(await useEnvironment(ctx, { use: "recorded" })).toEqual(RECORDED);
  expect(ctx.saved.audits.map(({ action, reason, details }) => [action, reason, details])).toEqual([
    ["environment.changed", "Jobs set it.", { use: "short", names: ["HTTPS_PROXY"] }],
    ["environment.changed", null, { use: "recorded", names: ["HTTPS_PROXY"] }],
  ]);
});

test("asking for what is used already changes nothing", async () => {
  const ctx = aContext({ tables: { environment: SHORT } });
  expect(await useEnvironment(ctx, { use: "short" })).toEqual(SHORT);
  expect(ctx.saved.audits).toEqual([]);
});

test("a data folder that always had the short environment has no list to go back to", async () => {
  const ctx = aContext();
  const error = await expectRefusal(ctx, "NO_RECORDED_ENVIRONMENT", () =>
    useEnvironment(ctx, { use: "recorded" }),
  );
  expect(error.message).toContain("UNSTUCK_INHERIT");
  expect((await useEnvironment(ctx, { use: "short" })).use).toBe("short");
});
