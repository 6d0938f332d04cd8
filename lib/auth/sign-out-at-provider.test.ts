import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeProvider, fakeProvider } from "@/test/fake-provider";
import { HERE, signingInAt } from "@/test/signing-in-at";

let provider: FakeProvider;
beforeEach(async () => {
  provider = await fakeProvider();
  provider.how.metadata = { end_session_endpoint: `${provider.origin}/end?tenant=1` };
});
afterEach(() => provider.close());

const given = (...how: Parameters<typeof signingInAt> extends [unknown, ...infer Rest] ? Rest : never) =>
  signingInAt(provider, ...how);

/** Where the browser is sent to. */
async function sentTo({ sut }: ReturnType<typeof given>, hint: string | null): Promise<URL> {
  const there = await sut.beginSignOut(hint);
  return there?.can === "sign-out" ? new URL(there.url) : expect.fail(JSON.stringify(there));
}

describe("signing out at the provider", () => {
  test("sends the browser there with the ID token it signed in with, where to come back to, and a state that is new each time", async () => {
    const there = given();
    const { signOutHint } = await there.signIn();
    const [first, second] = [await sentTo(there, signOutHint), await sentTo(there, signOutHint)];
    expect(`${first.origin}${first.pathname}`).toBe(`${provider.origin}/end`);
    const { id_token_hint: token, state, ...rest } = Object.fromEntries(first.searchParams);
    expect(rest).toEqual({
      tenant: "1",
      client_id: "unstuck",
      post_logout_redirect_uri: `${HERE}/api/v1/oidc/signed-out`,
    });
    const [, claims = ""] = token?.split(".") ?? [];
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ sub: "s-1" });
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(second.searchParams.get("state")).not.toBe(state);
  });

  test("goes without the ID token where it is too long for an address, or cannot be read any more", async () => {
    provider.how.claims = { groups: Array.from({ length: 900 }, (_, index) => `group-${index}`) };
    const there = given();
    const { signOutHint } = await there.signIn();
    expect(signOutHint?.length).toBeLessThan(100);
    for (const hint of [signOutHint, null]) {
      const { searchParams } = await sentTo(there, hint);
      expect(searchParams.has("id_token_hint")).toBe(false);
      expect(searchParams.get("client_id")).toBe("unstuck");
    }
  });

  test("is no matter of another provider than the one that signed them in", async () => {
    const there = given();
    const hint = JSON.stringify(["https://other.example", "token"]);
    expect(await there.sut.beginSignOut(hint)).toBeNull();
    expect(provider.asked).toEqual([]);
  });

  test("keeps nothing where it is switched off, and no ID token where the provider has no way to sign out", async () => {
    expect((await given({ signOutThere: false }).signIn()).signOutHint).toBeNull();
    provider.how.metadata = {};
    const there = given();
    const { signOutHint } = await there.signIn();
    expect(signOutHint).toBe(JSON.stringify([provider.origin, null]));
    expect(await there.sut.beginSignOut(signOutHint)).toEqual({ can: "nothing" });
    expect(there.failures).toEqual([]);
  });

  test("says that it is not known, and why in the log, when the provider does not answer although it did before", async () => {
    const there = given({}, 300);
    const { signOutHint } = await there.signIn();
    provider.how.silentAt = "/.well-known/openid-configuration";
    expect(await there.sut.beginSignOut(signOutHint)).toEqual({ can: "unknown" });
    expect(there.failures).toMatchObject([{ code: "OIDC_UNREACHABLE" }]);
  });

  test.each(["javascript:alert(1)", "no address", 7])(
    "is not sent to %j, whatever the provider says",
    async (endpoint) => {
      provider.how.metadata = { end_session_endpoint: endpoint };
      const there = given();
      const { signOutHint } = await there.signIn();
      expect(await there.sut.beginSignOut(signOutHint)).toEqual({ can: "unknown" });
      expect(there.failures).toMatchObject([{ code: "OIDC_FAILED" }]);
    },
  );
});
