import { describe, expect, test } from "vitest";
import { API_RULES, METHODS, PAGE_RULES, type Rule } from "@/lib/auth/rules";
import { attacked } from "../attacked";
import { request } from "../server";

const its = attacked();

type Way = { readonly method: string; readonly path: string; readonly rule: Rule; readonly isThere: boolean };

const ways: Way[] = Object.entries<Partial<Record<string, Rule>>>(API_RULES).flatMap(([path, rules]) =>
  METHODS.map((method) => ({
    method,
    path,
    rule: rules[method] ?? rules.GET ?? "signed-in",
    isThere: method in rules,
  })),
);
const known = ways.filter(({ isThere }) => isThere);

function filled(path: string): string {
  return path
    .replace("/[[...path]]", "")
    .replaceAll(/\[(\w+)\]/g, (_, name: string) => its.ids[name] ?? name);
}

const bodyOf = (method: string) => (method === "GET" || method === "DELETE" ? undefined : {});

describe("without signing in", () => {
  test.each(ways.filter(({ rule }) => rule !== "public"))(
    "$method $path tells nothing",
    async ({ method, path }) => {
      const answer = await request(its.server.origin, method, filled(path), bodyOf(method));
      expect(answer).toMatchObject({ status: 401, body: { code: "SIGNED_OUT" } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    },
  );

  test.each(Object.entries(PAGE_RULES).filter(([, { GET }]) => (GET as Rule) !== "public"))(
    "the page %s sends to the sign-in page",
    async (path) => {
      for (const headers of [{}, { rsc: "1", "next-router-prefetch": "1" }]) {
        const answer = await request(its.server.origin, "GET", `${filled(path)}?_rsc=x`, undefined, headers);
        expect(answer.status).toBe(303);
        expect(answer.headers.get("location")).toMatch(/^\/sign-in\?next=%2F/);
      }
    },
  );
});

const FORBIDDEN: Record<string, (rule: Rule) => boolean> = {
  viewer: (rule) => /^(operator|admin)/.test(rule),
  operator: (rule) => rule === "admin",
  "someone with a role for another job": (rule) => !["public", "signed-in", "viewer some"].includes(rule),
};

describe.each(Object.keys(FORBIDDEN))("as %s", (who) => {
  const someone = () => (who === "viewer" ? its.viewer : who === "operator" ? its.operator : its.part);
  test.each(known.filter(({ rule }) => FORBIDDEN[who]?.(rule)))(
    "$method $path is not allowed",
    async ({ method, path }) => {
      const answer = await someone().api(method, filled(path), bodyOf(method));
      expect(answer).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
    },
  );
  test("nothing was changed by it", () => its.untouched());
});
