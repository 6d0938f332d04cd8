import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { table } from "@/api/table";
import { API_RULES, METHODS, PAGE_RULES } from "@/lib/auth/rules";
import { slot } from "@/lib/slot.mjs";
import { aContext } from "@/test/a-context";

const APP = join(import.meta.dirname, "../../app");

/** What the routes themselves say they answer. HEAD goes with GET, and OPTIONS is for all. */
async function answered(): Promise<string[]> {
  const each = Object.entries(table).map(async ([path, handler]) => {
    const response = await handler(new Request("http://127.0.0.1/", { method: "OPTIONS" }), {});
    const allowed = response.headers.get("allow")?.split(", ") ?? [];
    return METHODS.filter((method) => allowed.includes(method)).map((method) => `${method} ${path}`);
  });
  return (await Promise.all(each)).flat().sort();
}

/** Their addresses: folders in brackets are groups, which an address has not. */
function pages(): string[] {
  return globSync("**/page.tsx", { cwd: APP })
    .map((file) => dirname(file).split("/"))
    .map((segments) => segments.filter((segment) => segment !== "." && !/^\(.*\)$/.test(segment)))
    .map((segments) => `GET /${segments.join("/")}`)
    .sort();
}

function inTable(rules: Readonly<Record<string, object>>): string[] {
  return Object.entries(rules)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
    .sort();
}

test("every method of every route has its rule, and every rule its route", async () => {
  const routes = await answered();
  expect(routes.length).toBeGreaterThan(70);
  expect(inTable(API_RULES)).toEqual(routes);
});

test("every page has its rule, and every rule its page", () => {
  expect(pages().length).toBeGreaterThan(15);
  expect(inTable(PAGE_RULES)).toEqual(pages());
});

test("nothing else in the app answers a request: a route of Next would have no rule", () => {
  // For hot reloading only, when Next hands the same API on; and pictures, which are the same for everyone.
  const files = globSync("**/{route,default,template}.{ts,tsx,js}", { cwd: APP });
  expect(files).toEqual([]);
});

test("what is public is what has to be, and each of it is known here", () => {
  const open = Object.entries<Readonly<Record<string, string>>>({ ...API_RULES, ...PAGE_RULES })
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, rule]) => [`${method} ${path}`, rule]),
    )
    .filter(([, rule]) => rule === "public")
    .map(([what]) => what)
    .sort();
  expect(open).toEqual([
    // The run's own token is asked for there.
    "DELETE /api/v1/runs/[run]/exec",
    "DELETE /api/v1/session",
    "GET /api/v1/oidc/callback",
    "GET /api/v1/oidc/signed-out",
    "GET /api/v1/oidc/start",
    "GET /api/v1/runs/[run]/exec",
    "GET /api/v1/session",
    "GET /demo/shop/[[...path]]",
    "GET /health",
    "GET /set-up",
    "GET /sign-in",
    "POST /api/v1/session",
    "POST /api/v1/set-up",
  ]);
});

test("a route by itself refuses who has not signed in just where its rule does: the table is the first of two locks", async () => {
  const before = slot().booted;
  // As much of the process as it takes to be refused; what goes further may break off.
  const log = { error: () => undefined };
  slot().booted = { phase: "ready", log, app: { ports: { operator: aContext() }, auth: {}, config: {} } };
  onTestFinished(() => {
    slot().booted = before;
  });
  const rules = Object.entries<Readonly<Record<string, string>>>(API_RULES).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, rule]) => ({ path, method, rule })),
  );
  const handlers = new Map(Object.entries(table));
  for (const { path, method, rule } of rules) {
    if (path === "/health" || path.startsWith("/demo/")) continue;
    const handler = handlers.get(path) ?? expect.fail(path);
    const response = await handler(new Request(`http://127.0.0.1${path}`, { method }), {});
    const { code } = (await response.json().catch(() => ({}))) as { code?: string };
    expect(code === "SIGNED_OUT", `${method} ${path} is ${rule}, and answers ${code}`).toBe(
      rule !== "public",
    );
  }
});
