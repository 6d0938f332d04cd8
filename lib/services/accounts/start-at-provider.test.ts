import { expect, test } from "vitest";
import type { ProviderHost } from "@/lib/domain/ports/identities";
import { aContext, expectRefusal } from "@/test/a-context";
import { aProvider, ISSUER } from "@/test/a-provider";
import { accountTables, aSession, askedByUser, aUser, PASSWORD } from "@/test/accounts";
import { GUEST } from "@/test/signing-in";
import { startLinking, startSignIn } from "./start-at-provider";

const anna = aUser(1, { name: "anna" });
const HERE = { password: PASSWORD, host: "unstuck.example.org" };

const asAnna = (changes: Partial<ProviderHost> = {}) =>
  aContext({
    ...askedByUser(anna),
    signInProvider: aProvider(),
    ...changes,
    tables: accountTables({ users: [anna], sessions: [aSession(1, anna.id)] }),
  });

test("the browser is sent to the provider, and keeps where to go afterwards", async () => {
  const ctx = aContext({ ...GUEST, signInProvider: aProvider() });
  const { url, keep } = await startSignIn(ctx, "/jobs?q=a", "others");
  expect(url).toBe(`${ISSUER}/authorize`);
  expect(JSON.parse(keep)).toEqual([{ next: "/jobs?q=a", link: null }, "others"]);
});

test("another site's page is not where to go", async () => {
  const ctx = aContext({ ...GUEST, signInProvider: aProvider() });
  for (const next of [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    undefined,
    "/api/v1/oidc/start",
  ])
    expect(JSON.parse((await startSignIn(ctx, next, null)).keep)).toEqual([{ next: "/", link: null }, null]);
});

test("without a provider nothing starts", async () => {
  await expectRefusal(aContext(GUEST), "OIDC_OFF", () => startSignIn(aContext(GUEST), "/", null));
  const ctx = asAnna({ signInProvider: null });
  await expectRefusal(ctx, "OIDC_OFF", () => startLinking(ctx, HERE, null));
});

test("linking is for the user who asks, and takes the password once more", async () => {
  const ctx = asAnna();
  const { keep } = await startLinking(ctx, HERE, null);
  expect(JSON.parse(keep)).toEqual([{ next: "/account", link: anna.id }, null]);
  const other = asAnna();
  await expect(startLinking(other, { ...HERE, password: "wrong" }, null)).rejects.toMatchObject({
    code: "PASSWORD_WRONG",
  });
});

test("linking takes a session: a token, the socket and a proxy have none", async () => {
  for (const via of ["token", "socket", "proxy", "open"] as const) {
    const ctx = asAnna();
    if (ctx.who === null) expect.fail("No one asks.");
    const by = { ...ctx, who: { ...ctx.who, via, viaId: null } };
    await expectRefusal(ctx, "NO_ACCOUNT", () => startLinking(by, HERE, null));
  }
});

test("linking is refused under an address to which the provider does not send people back", async () => {
  const ctx = asAnna();
  const refused = await expectRefusal(ctx, "FOREIGN_HOST", () =>
    startLinking(ctx, { ...HERE, host: "127.0.0.1:3000" }, null),
  );
  expect(refused.message).toContain("https://unstuck.example.org");
});
