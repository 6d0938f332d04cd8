import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { gunzipSync } from "node:zlib";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { slot } from "../lib/slot.mjs";
import { rawRequest } from "../test/raw-request";
import { answerApi } from "./api.mjs";

const BODY = Buffer.from(JSON.stringify({ at: "now", items: [] }));
let server: Server;
let origin: string;
beforeEach(async () => {
  slot().answerApi = async () => Response.json({ by: "the route" });
  slot().answerStatus = async (_search, ifNoneMatch) => ({
    etag: 'W/"1"',
    body: ifNoneMatch === 'W/"1"' ? null : BODY,
  });
  server = createServer(answerApi({ log: pino({ level: "silent" }) }));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterEach(async () => {
  slot().answerApi = null;
  slot().answerStatus = null;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const status = (init?: RequestInit, path = "/api/v1/status") => fetch(`${origin}${path}`, init);

test("the kept bytes are answered, compressed for who takes that", async () => {
  const answer = await rawRequest(origin, { path: "/api/v1/status" });
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      etag: 'W/"1"',
      "cache-control": "private, no-cache",
      "content-type": "application/json; charset=utf-8",
      "content-length": String(BODY.length),
      vary: "accept-encoding, authorization, cookie",
    },
    body: { at: "now", items: [] },
  });
  for (const [accepted, encoding] of [
    ["gzip, deflate, br", "gzip"],
    ["gzip;q=0", null],
    ["br", null],
  ] as const) {
    const { headers } = await status({ headers: { "accept-encoding": accepted } });
    expect(headers.get("content-encoding"), accepted).toBe(encoding);
  }
  expect(await (await status()).json()).toEqual({ at: "now", items: [] });
  expect(gunzipSync(await zipped())).toEqual(BODY);
});

/** As it comes over the wire. */
function zipped(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      `${origin}/api/v1/status`,
      { headers: { "accept-encoding": "gzip" } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => resolve(Buffer.concat(parts)));
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

test("who has them gets 304 without a body, and HEAD the headers alone", async () => {
  const unchanged = await status({ headers: { "if-none-match": 'W/"1"' } });
  expect(unchanged.status).toBe(304);
  expect(await unchanged.text()).toBe("");
  expect(unchanged.headers.get("etag")).toBe('W/"1"');
  const head = await status({ method: "HEAD", headers: { "accept-encoding": "identity" } });
  expect(head.status).toBe(200);
  expect(head.headers.get("content-length")).toBe(String(BODY.length));
  expect(await head.text()).toBe("");
});

test("whatever is no plain question for them goes to the route", async () => {
  const byRoute = async (init?: RequestInit, path?: string) =>
    expect(await (await status(init, path)).json()).toEqual({ by: "the route" });
  await byRoute({ method: "POST" });
  await byRoute({}, "/api/v1/status/");
  await byRoute({}, "/api/v1/statuses");
  slot().answerStatus = async () => null;
  await byRoute();
  slot().answerStatus = () => Promise.reject(new Error("not now"));
  await byRoute();
  slot().answerStatus = null;
  await byRoute();
});
