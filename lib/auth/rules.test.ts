import { describe, expect, test } from "vitest";
import { API_RULES, PAGE_RULES, ruleFor } from "./rules";

const RUN = "run_00000000000000000000";

test.each([
  ["GET", "/api/v1/jobs", "viewer some", {}],
  ["POST", "/api/v1/jobs", "admin", {}],
  ["GET", "/api/v1/jobs/", "viewer some", {}],
  ["HEAD", "/api/v1/jobs", "viewer some", {}],
  ["GET", "/api/v1/jobs/eu.shop", "viewer job", { job: "eu.shop" }],
  ["POST", "/api/v1/jobs/shop/start", "operator job", { job: "shop" }],
  ["GET", `/api/v1/runs/${RUN}/log`, "viewer run", { run: RUN }],
  ["PUT", "/api/v1/limits/tag%3Ashops", "admin", { name: "tag%3Ashops" }],
  ["POST", "/api/v1/strays/pid-files/remove", "operator", {}],
  ["GET", "/health", "public", {}],
  ["GET", "/demo/shop", "public", {}],
  ["GET", "/demo/shop/a/b", "public", {}],
  ["GET", "/", "viewer some", {}],
  ["GET", "/jobs/new", "admin", {}],
  ["GET", "/jobs/shop", "viewer job", { job: "shop" }],
  ["GET", "/jobs/shop/edit", "admin", { job: "shop" }],
  ["GET", "/sign-in", "public", {}],
])("%s %s asks for: %s", (method, path, rule, params) => {
  const found = ruleFor(method, path);
  expect(found.rule).toBe(rule);
  expect(found.params).toMatchObject(params);
});

test("every entry is found by its own path", () => {
  const entries = Object.entries<Readonly<Partial<Record<string, string>>>>({ ...API_RULES, ...PAGE_RULES });
  for (const [path, rules] of entries)
    for (const [method, rule] of Object.entries(rules)) {
      const address = path.replace(/\[\[\.\.\.\w+\]\]/, "a/b").replaceAll(/\[(\w+)\]/g, "some");
      expect(ruleFor(method, address).rule, `${method} ${path}`).toBe(rule);
    }
});

test("what there is not is told to who has signed in, and to no one else", () => {
  for (const path of ["/nothing", "/api/v1/nothing", "/api", "/api/v1/jobs/a/b/c", "/Users", "/_next/image"])
    expect(ruleFor("GET", path).rule, path).toBe("signed-in");
  expect(ruleFor("PATCH", "/api/v1/set-up").rule).toBe("signed-in");
});

test("a page asks for the same by any method, since it is rendered for each", () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
    expect(ruleFor(method, "/users").rule, method).toBe("admin");
    expect(ruleFor(method, "/jobs/shop").rule, method).toBe("viewer job");
  }
});

test("what is the same for everyone is there before signing in", () => {
  for (const path of [
    "/_next/static/chunks/app-1.js",
    "/_next/static/chunks/%5Broot-of-the-server%5D__1._.js",
    "/_next/static/media/inter.woff2",
    "/icon.svg",
    "/icon-192.png",
    "/apple-icon.png",
    "/favicon.ico",
    "/manifest.webmanifest",
  ])
    expect(ruleFor("GET", path).rule, path).toBe("public");
  for (const path of ["/icons.svg", "/icon.svg/users", "/x/favicon.ico", "/_next/staticx"])
    expect(ruleFor("GET", path).rule, path).not.toBe("public");
});

describe("a path that something behind this could read as another one asks for an admin", () => {
  test.each([
    // A URL resolves dots, written out or encoded, before the API looks for a route.
    "/api/v1/x/../users",
    "/api/v1/x/%2e%2e/users",
    "/api/v1/x/%2E./users",
    "/api/v1/account/sessions/../../users",
    "/api/v1/./users",
    "/api/../users",
    "/health/../users",
    "/demo/shop/../../api/v1/users",
    "/demo/shop/%2e%2e/%2e%2e/users",
    "/_next/static/../../users",
    "/_next/static/%2e%2e/%2e%2e/users",
    // Backslashes are slashes to it, and two at the beginning a host.
    "/api\\v1\\users",
    "/api/v1/x/..\\users",
    "//users",
    "//host/users",
    "/\\users",
    "http://localhost/users",
    // Next looks for the page of the decoded path too.
    "/%75sers",
    "/users%2F",
    "/jobs/%6eew",
    "/jobs%2Fnew",
    "/jobs/shop%2Fedit",
    "/sign-in%2F..%2Fusers",
    "/users#x",
    "/us\ters",
    "/users;x=1",
    "/(dashboard)/users",
    "",
    "*",
  ])("%j", (path) => {
    expect(ruleFor("GET", path)).toEqual({ rule: "admin", params: {} });
    expect(ruleFor("POST", path).rule).toBe("admin");
  });
});
