import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askedBy, asking } from "../lib/asking";
import type { Admission, AskedFor } from "../lib/slot.mjs";
import { slot } from "../lib/slot.mjs";
import { anIdentity } from "../test/accounts";
import { rawRequest } from "../test/raw-request";
import { answerInFront } from "./front.mjs";

const CONFIG = {
  host: "127.0.0.1",
  port: 0,
  dataDir: "/data",
  beyondLoopback: false,
  open: false,
  trustedProxies: [],
  allowedHosts: ["127.0.0.1"],
};
const WHO = anIdentity({ name: "anna" });
const CLIENT = { address: "127.0.0.1", secure: false };

const before = { ...slot() };
const servers: Server[] = [];
let asked: AskedFor[] = [];
beforeEach(() => {
  asked = [];
  slot().answerApi = async () => Response.json({ api: asking()?.who?.name ?? null });
});
afterEach(async () => {
  Object.assign(slot(), before);
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** What answers by TCP and by the owner's socket, where every request is admitted so. */
function front(admission: Admission | null) {
  slot().admit =
    admission === null
      ? null
      : (request) => {
          asked.push(request);
          return admission;
        };
  const answers = answerInFront(CONFIG, { dev: false, log: pino({ level: "silent" }) });
  answers.handOverTo(
    (_request, response) => void response.end(`page for ${asking()?.who?.name ?? "no one"}`),
  );
  return answers;
}

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

const byTcp = (admission: Admission | null) => listening(front(admission).onTcp);
const LET_IN: Admission = { as: { who: WHO, client: CLIENT }, secure: false };

describe("who asks", () => {
  test("goes with the request, to the API and to the pages, and with no other", async () => {
    const origin = await byTcp(LET_IN);
    expect((await rawRequest(origin, { path: "/api/v1/jobs" })).body).toEqual({ api: "anna" });
    expect((await rawRequest(origin, { path: "/jobs" })).body).toBe("page for anna");
    const none = await byTcp({ as: { who: null, client: CLIENT }, secure: false });
    expect((await rawRequest(none, { path: "/jobs" })).body).toBe("page for no one");
    expect(asking()).toBeNull();
  });

  test("is decided from what was sent, the connection and the way it came", async () => {
    const { onTcp, onOwnerSocket } = front(LET_IN);
    const headers = { cookie: "a=b", "x-unstuck-door": "owner" };
    for (const listener of [onTcp, onOwnerSocket])
      await rawRequest(await listening(listener), { method: "POST", path: "/api/v1/jobs?x=1", headers });
    expect(asked).toMatchObject([
      {
        method: "POST",
        url: "/api/v1/jobs?x=1",
        peer: "127.0.0.1",
        byOwner: false,
        headers: { cookie: "a=b" },
      },
      { byOwner: true },
    ]);
  });

  test("is not asked for a run's report, which has a token of its own", async () => {
    const origin = await byTcp(LET_IN);
    slot().answerReport = () => null;
    const path = "/api/v1/runs/run_1/heartbeat";
    expect((await rawRequest(origin, { method: "POST", path })).status).toBeLessThan(300);
    expect(asked).toEqual([]);
  });

  test("is not asked before the host guard: a foreign page is refused whatever cookie it carries", async () => {
    const origin = await byTcp(LET_IN);
    const foreign = { origin: "http://evil.example" };
    const answer = await rawRequest(origin, { method: "POST", path: "/api/v1/jobs", headers: foreign });
    expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
    expect(asked).toEqual([]);
  });
});

describe("what is not let in", () => {
  test("is answered with the refusal as it is", async () => {
    const headers = { "www-authenticate": "Bearer", "content-type": "application/problem+json" };
    const refusal = new Response(JSON.stringify({ code: "SIGNED_OUT" }), { status: 401, headers });
    const answer = await rawRequest(await byTcp({ refusal, secure: false }), { path: "/api/v1/jobs" });
    expect(answer).toMatchObject({ status: 401, headers, body: { code: "SIGNED_OUT" } });
  });

  test("is sent to the page that says why, and no cache keeps that", async () => {
    const origin = await byTcp({ goTo: "/sign-in?next=%2Fjobs", secure: false });
    expect(await rawRequest(origin, { path: "/jobs" })).toMatchObject({
      status: 303,
      headers: { location: "/sign-in?next=%2Fjobs", "cache-control": "no-store" },
    });
  });

  test("reaches neither the API nor a page", async () => {
    let reached = false;
    slot().answerApi = async () => {
      reached = true;
      return new Response();
    };
    const { onTcp, handOverTo } = front({ goTo: "/sign-in", secure: false });
    handOverTo((_request, response) => {
      reached = true;
      response.end();
    });
    const origin = await listening(onTcp);
    for (const path of ["/api/v1/jobs", "/jobs", "/health"]) await rawRequest(origin, { path });
    expect(reached).toBe(false);
  });
});

test("while nothing is up no one is let in as anyone: what answers says that it is starting", async () => {
  const origin = await byTcp(null);
  expect((await rawRequest(origin, { path: "/api/v1/jobs" })).body).toEqual({ api: null });
  expect((await rawRequest(origin, { path: "/jobs" })).body).toBe("page for no one");
});

test("one who asks in the middle of another's request is asked for by themselves", async () => {
  const origin = await byTcp({ as: { who: null, client: CLIENT }, secure: false });
  const inner = await askedBy({ who: WHO, client: CLIENT }, () => rawRequest(origin, { path: "/jobs" }));
  expect(inner.body).toBe("page for no one");
});

test("a browser that came by TLS is told to come so again, whatever it is answered", async () => {
  const headerOf = async (admission: Admission, path = "/jobs") =>
    (await rawRequest(await byTcp(admission), { path })).headers["strict-transport-security"];
  expect(await headerOf({ ...LET_IN, secure: true })).toBe("max-age=31536000");
  expect(await headerOf({ goTo: "/sign-in", secure: true })).toBe("max-age=31536000");
  expect(await headerOf({ refusal: new Response(), secure: true }, "/api/v1/jobs")).toBe("max-age=31536000");
  expect(await headerOf(LET_IN)).toBeUndefined();
});

describe("a path that can be read in two ways", () => {
  test.each([
    "//users",
    "/\\users",
    "/jobs/../users",
    "/jobs/%2e%2e/users",
    "/jobs/.%2E/users",
    "/./users",
    "/%75sers",
    "/api/v1/x/../users",
    "/api//v1/users",
    "/_next/static/../../users",
    "http://127.0.0.1/users",
    "/users#x",
    "/us<ers",
    "*",
  ])("%s is refused before anyone is asked", async (path) => {
    const answer = await rawRequest(await byTcp(LET_IN), { path });
    expect(answer).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
    expect(asked).toEqual([]);
  });

  test.each([
    "/",
    "/jobs/",
    "/jobs/eu.shop",
    "/api/v1/limits/tag%3Ashops",
    "/api/v1/limits/tag:shops",
    "/api/v1/jobs/a%2Fb",
    "/jobs?next=/../x&q=%2e%2e",
    "/_next/static/chunks/%5Broot%5D__1._.js",
    "/jobs/...",
    "/jobs/%20",
    "/jobs/%C3%A9",
  ])("%s is not such a one", async (path) => {
    await rawRequest(await byTcp(LET_IN), { path });
    expect(asked.map(({ url }) => url)).toEqual([path]);
  });
});
