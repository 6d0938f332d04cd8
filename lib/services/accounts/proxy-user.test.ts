import { expect, test } from "vitest";
import { aContext, actionsOf } from "@/test/a-context";
import { accountTables, aUser } from "@/test/accounts";
import { changeProxyRole, makeProxyUser } from "./proxy-user";

const root = aUser(9, { name: "root", role: "admin" });
const vera = aUser(1, { name: "vera", role: "viewer", grants: [{ role: "operator", on: "tag:shop" }] });
const given = (users = [root, vera]) => aContext({ tables: accountTables({ users }) });
const byProxy = { via: "proxy", viaId: null, address: "10.0.0.7" };

test("a user whom a proxy names first has no password, and the row says who named them", async () => {
  const ctx = given();
  await makeProxyUser(ctx, "otto", "viewer", "10.0.0.7");
  expect([...ctx.saved.users.values()].at(-1)).toMatchObject({
    name: "otto",
    role: "viewer",
    passwordHash: null,
  });
  expect(ctx.saved.audits).toMatchObject([{ actor: "otto", action: "user.created", by: byProxy }]);
  expect(ctx.called).toEqual([]);
});

test("one that there is stays as it is", async () => {
  const ctx = given();
  await makeProxyUser(ctx, "VERA", "admin", null);
  expect(ctx.saved.users.size).toBe(2);
  expect([ctx.saved.users.get(vera.id)?.role, ctx.called]).toEqual(["viewer", []]);
});

test("an admin made so uses up the printed link", async () => {
  const ctx = given([]);
  await makeProxyUser(ctx, "ada", "admin", null);
  expect(ctx.called).toEqual([["forgetSetUpCode"]]);
});

test("a role follows the groups, and the grants stay; the last admin's does not fall", async () => {
  const ctx = given();
  await changeProxyRole(ctx, vera.id, "admin", "10.0.0.7");
  expect(ctx.saved.users.get(vera.id)).toMatchObject({ role: "admin", grants: vera.grants });
  expect(ctx.saved.audits).toMatchObject([
    {
      actor: "vera",
      action: "user.role_from_proxy",
      details: { before: "viewer", after: "admin" },
      by: byProxy,
    },
  ]);
  await changeProxyRole(ctx, vera.id, "admin", null);
  await changeProxyRole(ctx, root.id, "viewer", null);
  await expect(changeProxyRole(ctx, vera.id, "viewer", null)).rejects.toMatchObject({ code: "LAST_ADMIN" });
  expect(actionsOf(ctx)).toEqual(["user.role_from_proxy", "user.role_from_proxy"]);
});
