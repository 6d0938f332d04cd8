import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { Context } from "@/test/a-context";
import { anna, checks, enter, givenUser as given, refusal } from "@/test/signing-in";

describe("failures", () => {
  const wrong = { password: "wrong" };
  const from = (ctx: Context, address: string | null): Context => ({
    ...ctx,
    client: { address, secure: false },
  });
  async function fail(ctx: Context, times: number, what: { name?: string } = {}): Promise<void> {
    for (let time = 0; time < times; time += 1) await refusal(enter(ctx, { ...what, ...wrong }));
  }

  test("of one name make the next wait, from whatever address, also with the right password", async () => {
    const ctx = given();
    for (const address of ["1", "2", "3", "4"]) await fail(from(ctx, `192.0.2.${address}`), 1);
    const before = checks(ctx);
    const error = await refusal(enter(from(ctx, "192.0.2.9")));
    expect(error).toMatchObject({
      code: "TOO_MANY_ATTEMPTS",
      message: "Too many attempts have failed. Wait 1 s, then try again.",
      details: { retryAfterMs: 1_000 },
    });
    expect(checks(ctx)).toBe(before);
    ctx.clock.at += 1_000;
    await enter(from(ctx, "192.0.2.9"));
    // From now on nothing is counted of the name.
    await fail(ctx, 3);
    await enter(ctx);
  });

  test("of one name are counted whatever its case", async () => {
    const ctx = given();
    for (const name of ["anna", "ANNA", "Anna", "aNNa"]) await fail(ctx, 1, { name });
    expect((await refusal(enter(ctx))).code).toBe("TOO_MANY_ATTEMPTS");
  });

  test("of a name that no user has are counted like others, and a long one is no other name each time", async () => {
    const ctx = given();
    for (let time = 0; time < 4; time += 1) await fail(ctx, 1, { name: `${"n".repeat(63)}${time}` });
    expect((await refusal(enter(ctx, { name: "n".repeat(80) }))).code).toBe("TOO_MANY_ATTEMPTS");
  });

  test("from one address make the next wait, whatever the name", async () => {
    const ctx = given();
    for (let time = 0; time < 11; time += 1) await fail(ctx, 1, { name: `user${time}` });
    expect(await refusal(enter(ctx))).toMatchObject({
      code: "TOO_MANY_ATTEMPTS",
      details: { retryAfterMs: 1_000 },
    });
    await enter(from(ctx, "198.51.100.5"));
  });

  test("are not undone by signing in with a name of one's own", async () => {
    const ctx = given();
    for (let time = 0; time < 9; time += 1) await fail(ctx, 1, { name: `user${time}` });
    await enter(ctx);
    expect(ctx.saved.delays.get("address:198.51.100.4")?.count).toBe(9);
    await fail(ctx, 2, { name: "another" });
    expect((await refusal(enter(ctx))).code).toBe("TOO_MANY_ATTEMPTS");
  });

  test.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true],
    ["2001:DB8:1:2::1", "2001:db8:1:2:3:4:5:6", true],
    ["2001:db8::1", "2001:db8:0:0:9::", true],
    ["2001:0db8:0001:0002::1", "2001:db8:1:2::2", true],
    ["::1", "::2", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["2001:db8::1", "2001:db8:0:1::1", false],
    ["198.51.100.4", "198.51.100.5", false],
  ])("from %s and %s are those of one network: %s", async (one, other, same) => {
    const ctx = given();
    for (let time = 0; time < 11; time += 1) await fail(from(ctx, one), 1, { name: `user${time}` });
    const next = enter(from(ctx, other));
    if (same) expect((await refusal(next)).code).toBe("TOO_MANY_ATTEMPTS");
    else await next;
  });

  test("without an address are counted by the name alone", async () => {
    const ctx = given();
    await fail(from(ctx, null), 1);
    expect([...ctx.saved.delays.keys()]).toEqual(["name:anna"]);
  });

  test("at the same moment are all counted: no more are checked than are free", async () => {
    const ctx = given();
    const errors = await Promise.all(Array.from({ length: 20 }, () => refusal(enter(ctx, wrong))));
    expect(errors.filter(({ code }) => code === "SIGN_IN_FAILED")).toHaveLength(4);
    expect(checks(ctx)).toBe(4);
  });

  test("are none of what could not be checked because too many sign in", async () => {
    const busy = new AppError("SIGN_IN_BUSY", "Later.");
    const ctx = given(anna(), { checkPassword: () => Promise.reject(busy) });
    for (let time = 0; time < 6; time += 1) expect((await refusal(enter(ctx))).code).toBe("SIGN_IN_BUSY");
    expect([...ctx.saved.delays]).toEqual([]);
  });
});
