import { describe, expect, test } from "vitest";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import {
  accountTables,
  anIdentity,
  aSecondFactor,
  aSession,
  askedByUser,
  aUser,
  codeAt,
  PASSWORD,
  sessionId,
  userId,
} from "@/test/accounts";
import { T0 } from "@/test/factories";
import { refusal } from "@/test/signing-in";
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor } from "./second-factor";
import { isCodeRight, plain } from "./second-factor-code";

const anna = aUser(1, { name: "anna" });
const given = (
  second: Parameters<typeof aSecondFactor>[1] | null = null,
  sessions = [aSession(1, anna.id)],
) =>
  aContext({
    ...askedByUser({ ...anna, hasSecondFactor: second?.confirmedAt !== null }),
    tables: accountTables({
      users: [anna],
      sessions,
      secondFactors: second === null ? [] : [aSecondFactor(anna.id, second)],
    }),
  });
const BEGUN = { confirmedAt: null };
const factorOf = ({ saved }: ReturnType<typeof given>) => saved.secondFactors.get(anna.id);

describe("beginning one", () => {
  test("gives a secret as text, as what an app reads and as a picture; it is kept sealed and counts for nothing yet", async () => {
    const ctx = given();
    const begun = await beginSecondFactor(ctx, PASSWORD);
    expect(begun).toEqual({
      secret: "TOTP-1",
      uri: "otpauth://totp/Unstuck:anna?secret=TOTP-1",
      qr: { size: begun.uri.length, path: `qr of ${begun.uri}` },
    });
    expect(factorOf(ctx)).toEqual({
      userId: anna.id,
      secret: `sealed:second-factor:${anna.id}:TOTP-1`,
      confirmedAt: null,
      lastStep: 0,
      recovery: [],
    });
    expect(ctx.saved.audits).toEqual([]);
  });

  test("again takes the place of one that was not confirmed", async () => {
    const ctx = given(BEGUN);
    const { secret } = await beginSecondFactor(ctx, PASSWORD);
    expect(factorOf(ctx)?.secret).toBe(`sealed:second-factor:${anna.id}:${secret}`);
  });

  test("needs the password", async () => {
    const ctx = given();
    expect((await refusal(beginSecondFactor(ctx, "wrong"))).code).toBe("PASSWORD_WRONG");
    expect(factorOf(ctx)).toBeUndefined();
  });

  test("is refused while one is in force, which stays as it is", async () => {
    const ctx = given({});
    expect((await refusal(beginSecondFactor(ctx, PASSWORD))).code).toBe("SECOND_FACTOR_STATE");
    expect(factorOf(ctx)).toEqual(aSecondFactor(anna.id));
  });

  test("is not for a token", async () => {
    const ctx = { ...given(), who: anIdentity({ via: "token", userId: null }) };
    await expectRefusal(ctx, "NO_ACCOUNT", () => beginSecondFactor(ctx, PASSWORD));
  });
});

describe("confirming it", () => {
  test("puts it in force, gives ten recovery codes of which hashes are kept, and renews the session", async () => {
    const ctx = given(BEGUN);
    const {
      recoveryCodes,
      secret,
      sessionId: id,
    } = await confirmSecondFactor(ctx, ` ${codeAt(T0)}`, "Firefox");
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(factorOf(ctx)).toMatchObject({
      confirmedAt: T0,
      lastStep: Math.floor(T0 / 30_000),
      recovery: recoveryCodes.map((code) => `hash-of:${plain(code)}`),
    });
    expect([...ctx.saved.sessions.keys()]).toEqual([id]);
    expect(ctx.saved.sessions.get(id)?.hash).toBe(`hash-of:${secret}`);
    expect(actionsOf(ctx)).toEqual(["user.second_factor_added", "session.renewed"]);
    expect(JSON.stringify(ctx.saved.audits)).not.toContain("recovery-");
  });

  test("takes the code it was confirmed with from then on for used", async () => {
    const ctx = given(BEGUN);
    await confirmSecondFactor(ctx, codeAt(T0), "");
    const second = factorOf(ctx) ?? expect.fail();
    expect(await isCodeRight(ctx, anna, second, codeAt(T0))).toBe(false);
    expect(await isCodeRight(ctx, anna, second, codeAt(T0 + 30_000))).toBe(true);
  });

  test.each(["000000", "12345", "recovery-1", ""])(
    "the code %j is refused, and nothing is in force",
    async (code) => {
      const ctx = given(BEGUN);
      expect((await refusal(confirmSecondFactor(ctx, code, ""))).code).toBe("SIGN_IN_FAILED");
      expect(factorOf(ctx)?.confirmedAt).toBeNull();
      expect(ctx.saved.audits).toMatchObject([
        { action: "user.confirmation_refused", refused: true, details: { why: "wrong code" } },
      ]);
    },
  );

  test("cannot be tried as often as one likes", async () => {
    const ctx = given(BEGUN);
    for (let time = 0; time < 4; time += 1) await refusal(confirmSecondFactor(ctx, "000000", ""));
    expect((await refusal(confirmSecondFactor(ctx, codeAt(T0), ""))).code).toBe("TOO_MANY_ATTEMPTS");
  });

  test("ends the sessions that were opened without it", async () => {
    const ctx = given(BEGUN, [aSession(1, anna.id), aSession(7, anna.id)]);
    const { sessionId: id } = await confirmSecondFactor(ctx, codeAt(T0), "");
    expect([...ctx.saved.sessions.keys()]).toEqual([id]);
    expect(actionsOf(ctx)).toEqual(["user.second_factor_added", "session.others_closed", "session.renewed"]);
  });

  test("is refused when none was begun, and when it is in force already", async () => {
    const none = given();
    await expectRefusal(none, "SECOND_FACTOR_STATE", () => confirmSecondFactor(none, codeAt(T0), ""));
    const one = given({});
    await expectRefusal(one, "SECOND_FACTOR_STATE", () => confirmSecondFactor(one, codeAt(T0), ""));
  });

  test("twice at the same moment gives recovery codes once", async () => {
    const ctx = given(BEGUN);
    const became = await Promise.allSettled([1, 2].map(() => confirmSecondFactor(ctx, codeAt(T0), "")));
    expect(became.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(actionsOf(ctx).filter((action) => action === "user.second_factor_added")).toHaveLength(1);
  });
});

describe("removing it", () => {
  test("needs the password, and leaves the session", async () => {
    const ctx = given({});
    expect((await refusal(removeSecondFactor(ctx, "wrong"))).code).toBe("PASSWORD_WRONG");
    expect(factorOf(ctx)).toBeDefined();
    await removeSecondFactor(ctx, PASSWORD);
    expect(factorOf(ctx)).toBeUndefined();
    expect(actionsOf(ctx)).toEqual(["user.confirmation_refused", "user.second_factor_removed"]);
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(1)]);
  });

  test("is refused where there is none", async () => {
    const ctx = given();
    expect((await refusal(removeSecondFactor(ctx, PASSWORD))).code).toBe("SECOND_FACTOR_STATE");
    expect(ctx.saved.audits).toEqual([]);
  });
});

describe("a code", () => {
  test("of the app counts for the step before and after too, and none before the last that was used", async () => {
    const last = Math.floor(T0 / 30_000);
    const rightAt = (offset: number, lastStep: number) =>
      isCodeRight(
        given({ lastStep }),
        anna,
        aSecondFactor(anna.id, { lastStep }),
        codeAt(T0 + offset * 30_000),
      );
    expect(await Promise.all([-2, -1, 0, 1, 2].map((offset) => rightAt(offset, 0)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(await Promise.all([-1, 0, 1].map((offset) => rightAt(offset, last)))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("of recovery is the same in capitals, without its hyphen and with blanks", () => {
    expect(["abcde-fghjk", "ABCDE-FGHJK", "abcdefghjk", " abc de-f ghjk ", "abcde–fghjk"].map(plain)).toEqual(
      Array(5).fill("abcdefghjk"),
    );
  });

  test("is checked against the secret of its own user", async () => {
    const foreign = aSecondFactor(anna.id, { secret: `sealed:second-factor:${userId(9)}:TOTP` });
    expect((await refusal(isCodeRight(given({}), anna, foreign, codeAt(T0)))).code).toBe("SECRET_UNREADABLE");
  });
});
