import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeProvider, fakeProvider } from "@/test/fake-provider";
import { codeOf, HERE, signingInAt, WISH } from "@/test/signing-in-at";

let provider: FakeProvider;
beforeEach(async () => {
  provider = await fakeProvider();
});
afterEach(() => provider.close());

const given = (...how: Parameters<typeof signingInAt> extends [unknown, ...infer Rest] ? Rest : never) =>
  signingInAt(provider, ...how);

describe("where the browser is sent to", () => {
  test("has PKCE, a state and a nonce, which are new each time", async () => {
    const { sut } = given();
    const addresses = [await sut.begin(WISH, null), await sut.begin(WISH, null)].map(
      ({ url }) => new URL(url),
    );
    const [first, second] = addresses.map(({ searchParams }) => Object.fromEntries(searchParams));
    expect(addresses[0]?.href.startsWith(`${provider.origin}/authorize?`)).toBe(true);
    expect(first).toMatchObject({
      response_type: "code",
      client_id: "unstuck",
      redirect_uri: `${HERE}/api/v1/oidc/callback`,
      scope: "openid profile",
      code_challenge_method: "S256",
    });
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(first?.[name]).toMatch(/^[\w-]{43}$/);
      expect(first?.[name]).not.toBe(second?.[name]);
    }
  });

  test("is known after one question, also of ten people at the same moment, and asked for again after an hour", async () => {
    const { sut, clock } = given();
    await Promise.all(Array.from({ length: 10 }, () => sut.begin(WISH, null)));
    await sut.begin(WISH, null);
    expect(provider.asked).toEqual(["/.well-known/openid-configuration"]);
    clock.skipMs = 3_600_000;
    await sut.begin(WISH, null);
    expect(provider.asked).toHaveLength(2);
  });
});

describe("who is back", () => {
  test("is known by issuer and subject, with groups and names of the ID token", async () => {
    provider.how.claims = { preferred_username: "ada", groups: ["ops"] };
    const { signIn, failures } = given();
    expect(await signIn()).toEqual({
      issuer: provider.origin,
      subject: "s-1",
      names: ["ada", "s-1"],
      groups: ["ops"],
      signOutHint: JSON.stringify([provider.origin, null]),
    });
    expect(provider.asked).not.toContain("/userinfo");
    expect(failures).toEqual([]);
  });

  test("has groups that stand in userinfo only", async () => {
    provider.how.claims = { preferred_username: "ada" };
    provider.how.userInfo = { sub: "s-1", groups: ["ops"], email: "ada@example.org" };
    const { signIn } = given();
    expect(await signIn()).toMatchObject({ names: ["ada", "ada@example.org", "s-1"], groups: ["ops"] });
  });

  test("has no groups where there are none, and where the provider has no userinfo", async () => {
    provider.how.userInfo = { sub: "s-1" };
    expect((await given().signIn()).groups).toEqual([]);
    provider.how.userInfo = null;
    expect((await given().signIn()).groups).toEqual([]);
  });

  test("signs in in two tabs, each with its own page to go to", async () => {
    const { sut } = given();
    provider.how.userInfo = null;
    const first = await sut.begin({ next: "/first", link: null }, null);
    const second = await sut.begin({ next: "/second", link: null }, first.keep);
    const one = sut.resume(provider.authorize(first.url).toString(), second.keep);
    expect(one.wish.next).toBe("/first");
    const other = sut.resume(provider.authorize(second.url).toString(), one.keep);
    expect([other.wish.next, other.keep]).toEqual(["/second", null]);
    expect([(await one.person()).subject, (await other.person()).subject]).toEqual(["s-1", "s-1"]);
  });
});

describe("the client's secret", () => {
  test.each(["client_secret_basic", "client_secret_post"] as const)(
    "is shown as %s where that is accepted",
    async (way) => {
      provider.how.accepts = way;
      const { signIn } = given();
      expect((await signIn()).subject).toBe("s-1");
      expect((await signIn()).subject).toBe("s-1");
      // What was refused once is not tried again.
      expect(provider.asked.filter((path) => path === "/token")).toHaveLength(
        way === "client_secret_basic" ? 2 : 3,
      );
    },
  );

  test("is tried the other way also where the refusal is a challenge", async () => {
    Object.assign(provider.how, { accepts: "client_secret_post", challenges: true });
    expect((await given().signIn()).subject).toBe("s-1");
  });

  test("is shown in the one way that the provider knows", async () => {
    provider.how.accepts = "client_secret_post";
    provider.how.metadata = { token_endpoint_auth_methods_supported: ["client_secret_post"] };
    await given().signIn();
    expect(provider.asked.filter((path) => path === "/token")).toHaveLength(1);
  });

  test("is not there for a public client, which has PKCE", async () => {
    provider.how.accepts = "none";
    expect((await given({ clientSecret: null }).signIn()).subject).toBe("s-1");
  });

  test("that is wrong is refused, and is not in what is told", async () => {
    const { signIn, failures } = given({ clientSecret: "wrong-secret" });
    expect(await codeOf(signIn())).toBe("OIDC_FAILED");
    expect(failures.map(({ details }) => details)).toEqual([{ why: "invalid_client" }]);
    expect(JSON.stringify(failures)).not.toContain("wrong-secret");
  });
});
