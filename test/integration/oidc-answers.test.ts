import { expect, test } from "vitest";
import { ended, enter, me, untilBack } from "../at-provider";
import { browser } from "../browser";
import { providerForTests } from "../provider-for-tests";

const CALLBACK = "/api/v1/oidc/callback";

const { its, userOf } = providerForTests();

test("a state, a nonce and a code that belong to nothing or to something else are refused, each by its code", async () => {
  its.provider.next = { sub: "u-5", groups: ["staff"] };
  const swap = (name: string) => (url: string) => url.replace(new RegExp(`(${name})=[\\w-]+`), "$1=other");
  const state = browser();
  expect(await ended(state, await untilBack(its.server, state, swap("state")))).toMatch(
    /problem=OIDC_STATE_WRONG/,
  );
  const nonce = browser();
  expect(await ended(nonce, await untilBack(its.server, nonce, swap("nonce")))).toMatch(
    /problem=OIDC_NONCE_WRONG/,
  );
  const code = browser();
  const back = await untilBack(its.server, code);
  back.searchParams.set("code", "made-up");
  expect(await ended(code, back)).toMatch(/problem=OIDC_CODE_REFUSED/);
  for (const one of [state, nonce, code]) expect(await me(its.server, one)).toBeNull();
  expect(await userOf("u-5")).toBeUndefined();
});

test("an answer counts once, in the browser that has asked", async () => {
  its.provider.next = { sub: "u-6", groups: ["staff"] };
  const [one, thief] = [browser(), browser()];
  const back = await untilBack(its.server, one);
  const cookie = one.cookies(`${its.server.origin}${CALLBACK}`);
  // Stolen from a history or a log, it is worth nothing: not before it was used, and not after.
  expect(await ended(thief, back)).toMatch(/problem=OIDC_NOT_STARTED/);
  expect(await ended(one, back)).toBe("/jobs");
  expect(one.cookies(`${its.server.origin}${CALLBACK}`)).not.toContain("oidc");
  expect(await ended(one, back)).toMatch(/problem=OIDC_NOT_STARTED/);
  // Also with what the browser had kept, the provider takes the code once.
  const replayed = await fetch(back, { headers: { cookie, connection: "close" }, redirect: "manual" });
  expect(replayed.headers.get("location")).toMatch(/problem=OIDC_CODE_REFUSED/);
  expect(replayed.headers.getSetCookie().filter((line) => !line.includes("oidc"))).toEqual([]);
});

test("two sign-ins in one browser go on beside each other, and are not mixed up", async () => {
  its.provider.next = { sub: "u-7", groups: ["staff"] };
  const one = browser();
  const [first, second] = [await untilBack(its.server, one), await untilBack(its.server, one)];
  const mixed = new URL(first);
  mixed.searchParams.set("code", second.searchParams.get("code") ?? "");
  expect(await ended(one, mixed)).toMatch(/problem=OIDC_CODE_REFUSED/);
  expect(await ended(one, second)).toMatch(/problem=OIDC_CODE_REFUSED|^\/jobs$/);
  const [third, fourth] = [await untilBack(its.server, one), await untilBack(its.server, one)];
  expect(await ended(one, third)).toBe("/jobs");
  expect(await ended(one, fourth)).toBe("/jobs");
});

test("who cancels at the provider, and an answer of another provider, are told so", async () => {
  expect(await enter(its.server, browser())).toBe("/sign-in?problem=OIDC_DENIED&next=%2Fjobs");
  its.provider.next = { sub: "u-8", groups: ["staff"] };
  const one = browser();
  const back = await untilBack(its.server, one);
  back.searchParams.set("iss", "https://evil.example");
  expect(await ended(one, back)).toMatch(/problem=OIDC_ISSUER_WRONG/);
});

test("what the browser keeps meanwhile is sealed, of this path, for ten minutes, and not for scripts", async () => {
  const { headers, status } = await browser().get(`${its.server.origin}/api/v1/oidc/start`);
  expect(status).toBe(303);
  const [line = ""] = headers.getSetCookie();
  expect(line).toMatch(
    /^unstuck-oidc-[0-9a-f]{8}=v1\.[0-9a-f]{8}\.[\w-]+\.[\w-]+; Path=\/api\/v1\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
  const location = new URL(headers.get("location") ?? "");
  expect(location.origin).toBe(its.provider.issuer);
  expect(location.searchParams.get("redirect_uri")).toBe(`${its.server.origin}${CALLBACK}`);
  expect(location.searchParams.get("code_challenge_method")).toBe("S256");
});

test("under another name of this machine the browser is sent to the address that the provider knows", async () => {
  const { port } = new URL(its.server.origin);
  const { headers } = await browser().get(`http://localhost:${port}/api/v1/oidc/start?next=/jobs`);
  expect(headers.get("location")).toBe(`${its.server.origin}/api/v1/oidc/start?next=%2Fjobs&here=1`);
  expect(headers.getSetCookie()).toEqual([]);
});
