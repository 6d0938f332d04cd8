import { describe, expect, test } from "vitest";
import { providerCookie, sessionCookie } from "./cookies";

const SECRET = "s".repeat(43);
const cookie = sessionCookie("wrk_1");
/** What the browser sends of a Set-Cookie header. */
const sent = (header: string) => header.split(";", 1)[0] ?? "";

test("no script reads it, no other site sends it along, and it ends with the session", () => {
  const header = cookie.set(SECRET, false);
  expect(header).toMatch(/^unstuck-[0-9a-f]{8}=s{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
  expect(cookie.clear(false)).toMatch(/^unstuck-[0-9a-f]{8}=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0$/);
});

test("by TLS it is of this host alone, and goes by TLS only", () => {
  const header = cookie.set(SECRET, true);
  // What __Host- asks for: Secure, Path=/ and no Domain.
  expect(header).toMatch(/^__Host-unstuck-[0-9a-f]{8}=s{43}; Path=\/; .*; Secure$/);
  expect(header).not.toContain("Domain");
  expect(cookie.clear(true)).toMatch(/^__Host-unstuck-[0-9a-f]{8}=; .*Max-Age=0; Secure$/);
});

test("it is read among others, by the name of its own way alone", () => {
  const [plain, secure] = [sent(cookie.set(SECRET, false)), sent(cookie.set("t".repeat(43), true))];
  const both = `a=b; ${plain};  ${secure}; c="d"`;
  expect(cookie.read(both, false)).toBe(SECRET);
  expect(cookie.read(both, true)).toBe("t".repeat(43));
  expect(cookie.read(plain, true)).toBeNull();
  expect(cookie.read(secure, false)).toBeNull();
});

test("two dashboards on one host do not sign each other out", () => {
  const other = sessionCookie("wrk_2");
  const both = `${sent(cookie.set(SECRET, false))}; ${sent(other.set("o".repeat(43), false))}`;
  expect(cookie.read(both, false)).toBe(SECRET);
  expect(other.read(both, false)).toBe("o".repeat(43));
  expect(sessionCookie("wrk_1").read(both, false)).toBe(SECRET);
});

test("two of one name are no session: one was put there by another host", () => {
  const one = sent(cookie.set(SECRET, false));
  expect(cookie.read(`${one}; ${one}`, false)).toBeNull();
  expect(cookie.read(`${sent(cookie.set("a".repeat(43), false))}; ${one}`, false)).toBeNull();
});

test.each([undefined, "", ";", "unstuck", "="])("%j has none", (header) => {
  expect(cookie.read(header, false)).toBeNull();
});

test("what no session of ours looks like is none", () => {
  const [name = ""] = sent(cookie.set(SECRET, false)).split("=");
  for (const value of ["", "short", "s".repeat(42), "s".repeat(44), `"${SECRET}"`, `${"s".repeat(42)}!`])
    expect(cookie.read(`${name}=${value}`, false), value).toBeNull();
  expect(cookie.read(`x${name}=${SECRET}`, false)).toBeNull();
});

describe("what is kept while someone signs in at the provider", () => {
  const plain = providerCookie("sign-in", "wrk_1", false, 600_000);
  const secure = providerCookie("sign-in", "wrk_1", true, 600_000);

  test("goes to the paths that need it, for ten minutes, and comes along when the provider's page sends the browser back", () => {
    expect(plain.set("v1.a.b.c")).toMatch(
      /^unstuck-oidc-[0-9a-f]{8}=v1\.a\.b\.c; Path=\/api\/v1\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    expect(plain.set(null)).toMatch(/^unstuck-oidc-[0-9a-f]{8}=; Path=\/api\/v1\/oidc; .*Max-Age=0$/);
  });

  test("by TLS is of this host alone", () => {
    expect(secure.set("v1.a.b.c")).toMatch(
      /^__Host-unstuck-oidc-[0-9a-f]{8}=v1\.a\.b\.c; Path=\/; .*; Secure$/,
    );
    expect(secure.set(null)).toMatch(/^__Host-unstuck-oidc-[0-9a-f]{8}=; Path=\/; .*Max-Age=0; Secure$/);
  });

  test("is another one than what is kept while someone signs out there", () => {
    const out = providerCookie("sign-out", "wrk_1", false, 600_000);
    expect(out.set("state")).toMatch(/^unstuck-oidc-out-[0-9a-f]{8}=state; Path=\/api\/v1\/oidc; HttpOnly;/);
    expect(plain.read(sent(out.set("state")))).toBeNull();
    expect(out.read(sent(plain.set("v1.a.b.c")))).toBeNull();
  });

  test("is read beside a session, and is none where there are two", () => {
    const [one, session] = [sent(plain.set("v1.a.b.c")), sent(cookie.set(SECRET, false))];
    expect(plain.read(`${session}; ${one}`)).toBe("v1.a.b.c");
    expect(cookie.read(`${session}; ${one}`, false)).toBe(SECRET);
    expect(plain.read(`${one}; ${one}`)).toBeNull();
    expect(plain.read(sent(secure.set("v1.a.b.c")))).toBeNull();
    expect(plain.read(undefined)).toBeNull();
    expect(plain.read(sent(plain.set(null)))).toBeNull();
  });
});
