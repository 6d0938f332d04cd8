import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { ISSUER } from "@/test/a-provider";
import { accountTables, askedByUser, aUser, PASSWORD } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { unlinkIdentity } from "./unlink-identity";

const anna = aUser(1, { name: "anna" });
const linked = { issuer: ISSUER, subject: "s-1", userId: anna.id, createdAt: T0, lastAt: null };

const given = (user = anna) =>
  aContext({
    ...askedByUser(user),
    tables: { ...accountTables({ users: [user] }), identities: new Map([["1", linked]]) },
  });

test("with the password the identity goes, and is not there a second time", async () => {
  const ctx = given();
  await unlinkIdentity(ctx, PASSWORD);
  expect(ctx.saved.identities.size).toBe(0);
  expect(ctx.saved.audits).toMatchObject([{ actor: "anna", action: "user.identity_unlinked" }]);
  await expect(unlinkIdentity(ctx, PASSWORD)).rejects.toMatchObject({ code: "OIDC_NOT_LINKED" });
});

test("a wrong password, and a user without one who would have no way in any more, are refused", async () => {
  const ctx = given();
  await expect(unlinkIdentity(ctx, "wrong")).rejects.toMatchObject({ code: "PASSWORD_WRONG" });
  const without = given({ ...anna, passwordHash: null });
  await expect(unlinkIdentity(without, PASSWORD)).rejects.toMatchObject({ code: "PASSWORD_WRONG" });
  expect([ctx.saved.identities.size, without.saved.identities.size]).toEqual([1, 1]);
});
