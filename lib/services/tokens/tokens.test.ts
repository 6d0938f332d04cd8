import { describe, expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { accountTables, aToken, tokenId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { createToken } from "./create-token";
import { listTokens } from "./list-tokens";
import { revokeToken } from "./revoke-token";

const NEW = { name: "ci", role: "operator", grants: [], expiresInDays: 30 } as const;
const entry = (number: number, createdAt = T0) => ({
  ...aToken(number, { createdAt }),
  hash: `hash-of:${number}`,
});

describe("a new token", () => {
  test("is told once, and kept as a hash with who made it and when it ends", async () => {
    const ctx = aContext({ actor: "anna" });
    const { token, secret } = await createToken(ctx, NEW);
    expect(secret).toMatch(/^unstuck_/);
    expect(token).toEqual({
      id: token.id,
      name: "ci",
      role: "operator",
      grants: [],
      createdBy: "anna",
      createdAt: T0,
      expiresAt: T0 + 30 * 86_400_000,
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
    });
    expect(ctx.saved.tokens.get(token.id)).toEqual({ ...token, hash: `hash-of:${secret}` });
    expect(ctx.saved.audits).toMatchObject([
      {
        actor: "anna",
        action: "token.created",
        details: { token: "ci", id: token.id, after: { access: "operator" } },
      },
    ]);
    expect(JSON.stringify([token, ctx.saved.audits])).not.toContain(secret);
  });

  test("may be without an end, and for some jobs only", async () => {
    const grants = [{ role: "operator", on: "job:shop" }] as const;
    const { token } = await createToken(aContext(), { ...NEW, role: null, grants, expiresInDays: null });
    expect(token).toMatchObject({ expiresAt: null, role: null, grants });
  });

  test.each(["owner", "System", "supervisor"])(
    "is not called %s: the history would take it for another",
    async (name) => {
      const ctx = aContext();
      await expectRefusal(ctx, "INVALID_INPUT", () => createToken(ctx, { ...NEW, name }));
    },
  );
});

test("tokens are listed newest first, without what they are", async () => {
  const tables = accountTables({ tokens: [entry(1), entry(2, T0 + 9), entry(3)] });
  const listed = await listTokens(aContext({ tables }));
  expect(listed).toEqual([aToken(2, { createdAt: T0 + 9 }), aToken(1), aToken(3)]);
});

describe("revoking one", () => {
  test("says who did it and when, once", async () => {
    const ctx = aContext({ actor: "anna", tables: accountTables({ tokens: [entry(1)] }), at: T0 + 5 });
    const revoked = aToken(1, { revokedAt: T0 + 5, revokedBy: "anna" });
    expect(await revokeToken(ctx, tokenId(1))).toEqual(revoked);
    ctx.clock.at += 5;
    expect(await revokeToken({ ...ctx, actor: "bob" }, tokenId(1))).toEqual(revoked);
    expect(ctx.saved.audits).toMatchObject([
      { actor: "anna", action: "token.revoked", details: { id: tokenId(1) } },
    ]);
  });

  test("that there is not is refused", async () => {
    const ctx = aContext();
    await expectRefusal(ctx, "TOKEN_NOT_FOUND", () => revokeToken(ctx, tokenId(9)));
  });
});
