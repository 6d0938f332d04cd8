import { existsSync, readdirSync, readFileSync } from "node:fs";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { protect } from "./headers.mjs";

function protectedAnswer(url: string, { dev = false, sent = {} as Record<string, string> } = {}) {
  const request = new IncomingMessage(new Socket());
  request.url = url;
  Object.assign(request.headers, sent);
  const response = new ServerResponse(request);
  protect(request, response, { dev });
  return {
    request: request.headers,
    answer: response.getHeaders(),
    policy: directives(response.getHeader("content-security-policy")),
  };
}

function directives(policy: unknown): Record<string, string> {
  return Object.fromEntries(
    String(policy)
      .split("; ")
      .map((part) => [part.split(" ", 1)[0], part.split(" ").slice(1).join(" ")]),
  );
}

describe("CR-7.1 every answer says what a browser may do with it", () => {
  for (const url of [
    "/",
    "/jobs",
    "/api/v1/jobs",
    "/health",
    "/_next/static/chunks/a.js",
    "/icon.svg",
    "/none",
  ]) {
    test(`${url} cannot be framed, guessed at, or loaded by another site`, () => {
      const { answer, policy } = protectedAnswer(url);
      expect(answer).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(answer["permissions-policy"]).toContain("camera=()");
      expect(policy["frame-ancestors"]).toBe("'none'");
      expect(policy["default-src"]).toBe("'none'");
      expect(policy["base-uri"]).toBe("'none'");
    });
  }
});

test("CR-7.1 the scripts of a page need the nonce of this one answer, which Next and the layout find in the request", () => {
  const [first, second] = [protectedAnswer("/jobs"), protectedAnswer("/jobs")];
  const nonce = first.request["x-nonce"];
  expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  expect(first.policy["script-src"]).toBe(`'nonce-${nonce}' 'strict-dynamic'`);
  expect(first.request["content-security-policy"]).toBe(first.answer["content-security-policy"]);
  expect(second.request["x-nonce"]).not.toBe(nonce);
});

test("CR-7.1 data is sandboxed, also with a query, and a page whose address only begins alike is not taken for data", () => {
  for (const url of ["/api/v1/runs/r/log?tail=5", "/api", "/api?x", "/health", "/health?x=1"]) {
    expect(protectedAnswer(url).policy, url).toHaveProperty("sandbox");
    expect(protectedAnswer(url).request, url).not.toHaveProperty("x-nonce");
  }
  for (const url of ["/apis", "/healthy", "/jobs/api"])
    expect(protectedAnswer(url).policy, url).toHaveProperty("script-src");
});

test("CR-7.1 a client cannot choose the nonce, on pages or on data", () => {
  const sent = {
    "content-security-policy": "script-src 'nonce-chosen'",
    "content-security-policy-report-only": "script-src 'nonce-chosen'",
    "x-nonce": "chosen",
  };
  for (const url of ["/", "/api/v1/jobs"])
    expect(JSON.stringify(protectedAnswer(url, { sent }).request), url).not.toContain("chosen");
});

test("CR-7.1 only in dev may a script be evaluated and a WebSocket be opened", () => {
  const built = protectedAnswer("/").policy;
  const dev = protectedAnswer("/", { dev: true }).policy;
  expect([built["script-src"], built["connect-src"]].join()).not.toMatch(/unsafe|ws/);
  expect(dev["script-src"]).toMatch(/'unsafe-eval'$/);
  expect(dev["script-src"]).not.toContain("unsafe-inline");
  expect(dev["connect-src"]).toBe("'self' ws: wss:");
});

const ROOT = join(import.meta.dirname, "..");
/** What Next serves as a file, at the address of its name. */
const FILES = [...readdirSync(join(ROOT, "public")), "icon.svg", "apple-icon.png"];

test.each(FILES)("CR-7.1 /%s is data", (name) => {
  for (const url of [`/${name}`, `/${name}?hash`])
    expect(protectedAnswer(url).policy, url).toHaveProperty("sandbox");
});

test("the policy of a page allows the manifest that the layout links to, and every icon in it is there", () => {
  const layout = readFileSync(join(ROOT, "app/layout.tsx"), "utf8");
  const [, manifest = ""] = /manifest: "\/(.*)"/.exec(layout) ?? [];
  expect(protectedAnswer("/").policy).toMatchObject({ "manifest-src": "'self'", "img-src": "'self' data:" });
  const { icons }: { icons: { src: string; purpose?: string }[] } = JSON.parse(
    readFileSync(join(ROOT, "public", manifest), "utf8"),
  );
  expect(icons.some(({ purpose }) => purpose === "maskable")).toBe(true);
  const missing = icons.filter(
    ({ src }) => !["app", "public"].some((folder) => existsSync(join(ROOT, folder, src))),
  );
  expect(missing).toEqual([]);
});
