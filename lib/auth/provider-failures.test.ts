import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeProvider, fakeProvider } from "@/test/fake-provider";
import { codeOf, signingInAt, WISH } from "@/test/signing-in-at";

let provider: FakeProvider;
beforeEach(async () => {
  provider = await fakeProvider();
});
afterEach(() => provider.close());

const given = (...how: Parameters<typeof signingInAt> extends [unknown, ...infer Rest] ? Rest : never) =>
  signingInAt(provider, ...how);

describe("what is refused", () => {
  test("a browser that has started nothing, and one that has started something else", async () => {
    const { sut } = given();
    const { url, keep } = await sut.begin(WISH, null);
    const query = provider.authorize(url).toString();
    expect(() => sut.resume(query, null)).toThrow(expect.objectContaining({ code: "OIDC_NOT_STARTED" }));
    expect(() => sut.resume(query, "made.up")).toThrow(expect.objectContaining({ code: "OIDC_NOT_STARTED" }));
    expect(() => sut.resume("code=x", keep)).toThrow(expect.objectContaining({ code: "OIDC_STATE_WRONG" }));
    const other = await sut.begin(WISH, null);
    expect(() => sut.resume(query, other.keep)).toThrow(
      expect.objectContaining({ code: "OIDC_STATE_WRONG" }),
    );
  });

  test("a sign-in that took more than ten minutes", async () => {
    const { sut, clock } = given();
    const { url, keep } = await sut.begin(WISH, null);
    clock.skipMs = 600_000;
    expect(() => sut.resume(provider.authorize(url).toString(), keep)).toThrow(
      expect.objectContaining({ code: "OIDC_NOT_STARTED" }),
    );
  });

  test("a state that comes twice", async () => {
    const { signIn } = given();
    expect(await codeOf(signIn((query) => query.append("state", "other")))).toBe("OIDC_FAILED");
  });

  test("a code that was used, one that was made up, and one of another sign-in", async () => {
    const { sut, signIn } = given();
    provider.how.userInfo = null;
    const { url, keep } = await sut.begin(WISH, null);
    const query = provider.authorize(url).toString();
    await sut.resume(query, keep).person();
    expect(await codeOf(sut.resume(query, keep).person())).toBe("OIDC_CODE_REFUSED");
    expect(await codeOf(signIn((made) => made.set("code", "made-up")))).toBe("OIDC_CODE_REFUSED");
    const [one, two] = [await sut.begin(WISH, null), await sut.begin(WISH, null)];
    const mixed = provider.authorize(one.url);
    mixed.set("code", provider.authorize(two.url).get("code") ?? "");
    expect(await codeOf(sut.resume(mixed.toString(), one.keep).person())).toBe("OIDC_CODE_REFUSED");
  });

  test("an ID token for another sign-in", async () => {
    const { signIn } = given();
    const other = (url: string) => url.replace(/nonce=[\w-]+/, "nonce=other");
    expect(await codeOf(signIn(undefined, other))).toBe("OIDC_NONCE_WRONG");
    provider.how.claims = { nonce: undefined };
    expect(await codeOf(signIn())).toBe("OIDC_FAILED");
  });

  test.each([
    ["of another issuer", { iss: "https://evil.example" }, "OIDC_ISSUER_WRONG"],
    ["for another client", { aud: "other" }, "OIDC_FAILED"],
    ["that is over", { exp: 1_600_000_000 }, "OIDC_FAILED"],
    ["without a subject", { sub: undefined }, "OIDC_FAILED"],
  ])("an ID token %s", async (_, claims, code) => {
    provider.how.claims = claims;
    expect(await codeOf(given().signIn())).toBe(code);
  });

  test("an ID token that someone else has signed", async () => {
    provider.how.key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    expect(await codeOf(given().signIn())).toBe("OIDC_FAILED");
  });

  test("userinfo about someone else", async () => {
    provider.how.userInfo = { sub: "s-2", groups: ["admins"] };
    const { signIn, failures } = given();
    expect(await codeOf(signIn())).toBe("OIDC_FAILED");
    expect(failures[0]?.details).toEqual({ why: "sub" });
  });

  test("the answer of another provider (RFC 9207)", async () => {
    const { signIn } = given();
    expect(await codeOf(signIn((query) => query.set("iss", "https://evil.example")))).toBe(
      "OIDC_ISSUER_WRONG",
    );
    provider.how.metadata = { authorization_response_iss_parameter_supported: true };
    expect(await codeOf(given().signIn())).toBe("OIDC_FAILED");
  });

  test.each([
    ["access_denied", "OIDC_DENIED"],
    ["server_error", "OIDC_FAILED"],
    ["<script>", "OIDC_FAILED"],
  ])("the provider's own refusal %s", async (error, code) => {
    const { signIn } = given();
    const refused = (query: URLSearchParams) => {
      query.delete("code");
      query.set("error", error);
    };
    expect(await codeOf(signIn(refused))).toBe(code);
  });

  test("a provider that calls itself something else", async () => {
    provider.how.metadata = { issuer: "https://evil.example" };
    const { sut, failures } = given();
    expect(await codeOf(sut.begin(WISH, null))).toBe("OIDC_ISSUER_WRONG");
    expect(failures).toMatchObject([{ details: { why: "issuer" } }]);
    // What failed is asked again, by the next.
    provider.how.metadata = {};
    expect(await codeOf(sut.begin(WISH, null))).toBe("none");
  });
});

describe("a provider that does not answer", () => {
  test.each(["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"])(
    "is given up at %s, in time, and asked again by the next",
    async (path) => {
      provider.how.silentAt = path;
      provider.how.userInfo = { sub: "s-1" };
      const { signIn } = given({}, 200);
      const begun = performance.now();
      expect(await codeOf(signIn())).toBe("OIDC_UNREACHABLE");
      expect(performance.now() - begun).toBeLessThan(5_000);
      provider.how.silentAt = null;
      expect(await codeOf(signIn())).toBe("none");
    },
  );

  test("is not there at all", async () => {
    const { sut, failures } = given();
    await provider.close();
    expect(await codeOf(sut.begin(WISH, null))).toBe("OIDC_UNREACHABLE");
    expect(failures).toHaveLength(1);
  });

  test("keeps only so many waiting", async () => {
    const { sut } = given({}, 500);
    provider.how.silentAt = "/token";
    const started = await Promise.all(Array.from({ length: 18 }, () => sut.begin(WISH, null)));
    const codes = await Promise.all(
      started.map(({ url, keep }) => codeOf(sut.resume(provider.authorize(url).toString(), keep).person())),
    );
    expect(codes.filter((code) => code === "SIGN_IN_BUSY")).toHaveLength(2);
    expect(codes.filter((code) => code === "OIDC_UNREACHABLE")).toHaveLength(16);
  });
});
