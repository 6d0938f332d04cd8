import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { gunzipSync } from "node:zlib";
import pino from "pino";
import { afterEach, expect, test } from "vitest";
import { slot } from "../lib/slot.mjs";
import { rawRequest } from "../test/raw-request";
import { withResolvers } from "../test/with-resolvers";
import { answerApi, isForApi } from "./api.mjs";

let server: Server;
afterEach(async () => {
  slot().answerApi = null;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** @returns where it is asked */
async function serving(answer: ((request: Request) => Promise<Response>) | null): Promise<string> {
  slot().answerApi = answer;
  const listener = answerApi({ log: pino({ level: "silent" }) });
  server = createServer((request, response) => {
    response.setHeader("content-security-policy", "sandbox");
    listener(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

test("it says that it is starting until there is somebody to answer", async () => {
  const origin = await serving(null);
  const answer = await rawRequest(origin, { path: "/api/v1/jobs" });
  expect(answer).toMatchObject({
    status: 503,
    headers: { "retry-after": "1", "content-type": "application/problem+json" },
    body: { code: "SUPERVISOR_UNAVAILABLE" },
  });
  slot().answerApi = async () => Response.json({ here: true });
  expect((await rawRequest(origin, { path: "/api/v1/jobs" })).body).toEqual({ here: true });
});

test("method, path, query, headers and body arrive as they were sent", async () => {
  const origin = await serving(async (request) => {
    const { method, url, headers } = request;
    return Response.json(
      { method, url, own: headers.get("x-own"), body: await request.text() },
      { status: 201 },
    );
  });
  const path = "/api/v1/jobs/a%2Fb?x=1&x=2";
  const answer = await rawRequest(origin, { method: "POST", path, headers: { "x-own": "1" }, body: "text" });
  expect(answer).toMatchObject({
    status: 201,
    body: { method: "POST", url: `${origin}${path}`, own: "1", body: "text" },
  });
});

test("a route's headers are added to those that stand already, and the status has its words", async () => {
  const headers = { "content-security-policy": "default-src 'none'", "x-own": "1" };
  const origin = await serving(async () => new Response("made", { status: 201, headers }));
  const response = await new Promise<import("node:http").IncomingMessage>((resolve) => {
    httpRequest(origin, { agent: false }, resolve).end();
  });
  response.resume();
  expect(response.headersDistinct["content-security-policy"]).toEqual(["sandbox", "default-src 'none'"]);
  expect(response.headers["x-own"]).toBe("1");
  expect(response.statusMessage).toBe("Created");
});

test("what is long is compressed for who can read it, unless it must arrive as it is", async () => {
  const text = "a line of text\n".repeat(500);
  const origin = await serving(async ({ url }) => {
    const headers = {
      "content-type": "text/plain",
      ...(url.endsWith("/as-it-is") ? { "cache-control": "no-transform" } : {}),
    };
    return new Response(text, { headers });
  });
  const ask = async (path: string, headers: Record<string, string>) => {
    const response = await new Promise<import("node:http").IncomingMessage>((resolve) => {
      httpRequest(`${origin}${path}`, { agent: false, headers }, resolve).end();
    });
    const body = Buffer.concat(await response.toArray());
    return { encoding: response.headers["content-encoding"], body };
  };
  const gzip = { "accept-encoding": "gzip" };
  const compressed = await ask("/", gzip);
  expect(compressed.encoding).toBe("gzip");
  expect(gunzipSync(compressed.body).toString()).toBe(text);
  expect(compressed.body.length).toBeLessThan(text.length / 10);
  expect(await ask("/", {})).toEqual({ encoding: undefined, body: Buffer.from(text) });
  expect(await ask("/as-it-is", gzip)).toEqual({ encoding: undefined, body: Buffer.from(text) });
});

test("HEAD has the headers and no body", async () => {
  const origin = await serving(async () => Response.json({ long: "answer" }));
  const answer = await rawRequest(origin, { method: "HEAD", path: "/api/v1/jobs" });
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" }, body: "" });
});

test("a bug that reaches this far is a problem without its text", async () => {
  const origin = await serving(() => Promise.reject(new Error("inner words")));
  const answer = await rawRequest(origin, { path: "/api/v1/jobs" });
  expect(answer).toMatchObject({ status: 500, body: { code: "INTERNAL" } });
  expect(JSON.stringify(answer)).not.toContain("inner words");
});

test("a method that no Request can have is refused", async () => {
  const origin = await serving(async () => Response.json({}));
  const answer = await rawRequest(origin, { method: "TRACE", path: "/api/v1/jobs" });
  expect(answer).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
});

test("what a body holds open is let go when its reader leaves in the middle, and the route hears of it", async () => {
  const cancelled = withResolvers<void>();
  const aborted = withResolvers<void>();
  const origin = await serving(async (request) => {
    request.signal.addEventListener("abort", () => aborted.resolve());
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: () => cancelled.resolve(),
    });
    return new Response(body, { headers: { "cache-control": "no-transform" } });
  });
  const asked = httpRequest(origin, { agent: false }, (response) => {
    response.once("data", () => asked.destroy());
    response.on("error", () => undefined);
  });
  asked.on("error", () => undefined).end();
  await Promise.all([cancelled.promise, aborted.promise]);
});

test.each([
  ["/api/v1/jobs", true, false],
  ["/api", true, false],
  ["/api?x", true, false],
  ["/health", true, true],
  ["/demo/shop/1", true, true],
  ["/apis", false, false],
  ["/jobs", false, false],
  ["/healthy", false, false],
  ["//api/v1/jobs", false, false],
])("%s is ours: %s; with hot reloading: %s", (url, built, dev) => {
  server = createServer();
  expect(isForApi(url, { dev: false })).toBe(built);
  expect(isForApi(url, { dev: true })).toBe(dev);
});
