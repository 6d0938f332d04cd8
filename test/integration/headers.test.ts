import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressOf, everyAddress } from "../addresses";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type RawAnswer, type RawRequest, rawRequest } from "../raw-request";
import { post } from "../refusals";
import { cleanUp, startServer, type TestServer } from "../server";

/** CR-7.1 What every answer of the built server says to a browser, whoever in the server gives it. */

let server: TestServer;
let op: Operator;
/** Of things that are there. */
let values: Record<string, string>;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
  await op.makeJob("job", program("exits-with", 3));
  const { id: run } = await op.over((await op.start("job")).id);
  const { body: plan } = await server.api("POST", "/api/v1/cleanup/plans", { runs: [run] });
  values = { job: "job", run, plan: plan.id, name: "job:job", path: "c/none" };
});
afterAll(async () => {
  // `POST /api/v1/demo` wants no body, so it was done.
  await op.endAll();
  await cleanUp();
});

const PATTERNS = everyAddress();
const PAGES = PATTERNS.filter(({ isPage }) => isPage);
const DATA = PATTERNS.filter(({ isPage, pattern }) => !isPage && !pattern.startsWith("/demo"));

function ask(wanted: RawRequest): Promise<RawAnswer> {
  return rawRequest(server.origin, wanted);
}

function expectProtected({ headers }: Pick<RawAnswer, "headers">, where: string): string {
  expect(headers, where).toMatchObject({
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": expect.stringContaining("camera=()"),
    "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
  });
  const policy = String(headers["content-security-policy"]);
  expect(policy, where).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
  return policy;
}

function expectSandboxed(answer: RawAnswer, where: string): void {
  expect(expectProtected(answer, where), where).toMatch(/^sandbox; default-src 'none'/);
}

/** Every script of the page has the nonce the policy names, or the browser would not run it. */
function expectScriptsToRun(answer: RawAnswer, where: string): string {
  const nonce = /script-src 'nonce-([^']+)'/.exec(expectProtected(answer, where))?.[1] ?? "";
  const scripts = String(answer.body).match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length, where).toBeGreaterThan(3);
  expect(
    scripts.filter((script) => !script.includes(`nonce="${nonce}"`)),
    where,
  ).toEqual([]);
  return nonce;
}

test("CR-7.1 every folder with a page or a route is walked", () => {
  expect(PAGES.map(({ pattern }) => pattern)).toEqual(
    expect.arrayContaining(["/", "/jobs/[job]/edit", "/stuck"]),
  );
  expect(DATA.length).toBeGreaterThan(40);
  expect(PATTERNS.filter(({ methods }) => methods.length === 0)).toEqual([]);
});

describe("CR-7.1 the scripts of every page carry the nonce of this one answer", () => {
  for (const { pattern } of PAGES) {
    test(`${pattern}, of what is there and of what is not`, async () => {
      const [path, missing] = [addressOf(pattern, values), addressOf(pattern)];
      const first = expectScriptsToRun(await ask({ path }), path);
      expect(expectScriptsToRun(await ask({ path: missing }), missing)).not.toBe(first);
    });
  }

  test("a page that does not exist, one asked for by a nonce of the client's own, and one asked for as data", async () => {
    expectScriptsToRun(await ask({ path: "/none/at/all" }), "/none");
    const own = { "content-security-policy": "script-src 'nonce-chosen'", "x-nonce": "chosen" };
    const chosen = await ask({ path: "/jobs", headers: own });
    expectScriptsToRun(chosen, "chosen");
    expect(chosen.body).not.toContain("chosen");
    expectProtected(await ask({ path: "/jobs", headers: { rsc: "1" } }), "rsc");
  });
});

describe("CR-7.1 every route is sandboxed data, whatever it answers", () => {
  for (const { pattern, methods } of DATA) {
    test(`${pattern} by ${methods.join(", ")}, by a method it has not, and of what is not there`, async () => {
      const path = addressOf(pattern, values);
      if (methods.includes("GET")) expectSandboxed(await ask({ path }), `GET ${path}`);
      const missing = addressOf(pattern);
      const asks = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"].map(async (method) => {
        // A body that no route takes: nothing is changed.
        const body = method === "GET" || method === "HEAD" ? {} : { body: '{"none":' };
        expectSandboxed(await ask({ path: missing, method, ...body }), `${method} ${missing}`);
      });
      await Promise.all(asks);
    });
  }
});

test("CR-7.1 files, redirects, and the shop of the demo are protected as well", async () => {
  const page = await ask({ path: "/jobs" });
  const files = [...String(page.body).matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(
    ([, path]) => path,
  );
  expect(files.some((path) => path?.endsWith(".css"))).toBe(true);
  expect(files.some((path) => path?.endsWith(".js"))).toBe(true);
  for (const path of [
    ...new Set(files),
    "/icon.svg",
    "/apple-icon.png",
    "/icon-maskable-512.png",
    "/manifest.webmanifest",
    "/_next/static/none.js",
    "/_next/image?url=x",
    "/_next/data/x/y.json",
  ])
    expectSandboxed(await ask({ path: path ?? "" }), path ?? "");
  const [file = ""] = files;
  const { headers } = await ask({ path: file });
  const unchanged = await ask({ path: file, headers: { "if-none-match": String(headers.etag) } });
  expect(unchanged.status).toBe(304);
  expectSandboxed(unchanged, "304");
  for (const path of ["/jobs/", "//jobs", "/demo/shop", "/demo/shop/none", "/favicon.ico", "/_global-error"])
    expectProtected(await ask({ path }), path);
});

describe("CR-7.1 refusals are protected, also those that are given before a request is one", () => {
  const LONG = "x".repeat(20_000);
  const REFUSED: readonly [string, RawRequest, number, string][] = [
    ["a foreign Host", { path: "/", headers: { host: "evil.example" } }, 421, "FOREIGN_HOST"],
    [
      "a foreign Origin",
      post("/api/v1/stop-all", {}, { origin: "https://evil.example" }),
      403,
      "FOREIGN_ORIGIN",
    ],
    ["an address that cannot be read", { path: "/%" }, 400, "INVALID_INPUT"],
    ["headers that are too large", { path: "/", headers: { "x-long": LONG } }, 431, "HEADERS_TOO_LARGE"],
    ["a report without a token", post("/api/v1/runs/run_none/heartbeat", ""), 401, "RUN_TOKEN_INVALID"],
    ["a report that is too large", post("/api/v1/runs/run_none/progress", LONG), 401, "RUN_TOKEN_INVALID"],
    ["a body that is too large", post("/api/v1/jobs", "x".repeat(2_000_000)), 413, "BODY_TOO_LARGE"],
  ];
  for (const [what, wanted, status, code] of REFUSED) {
    test(what, async () => {
      const answer = await ask(wanted);
      expect(answer).toMatchObject({ status, body: { status, code } });
      expectProtected(answer, what);
    });
  }

  for (const [what, bytes, status] of [
    ["bytes that are not HTTP", "NONSENSE\r\n\r\n", 400],
    ["a request that names no host", "GET / HTTP/1.1\r\nconnection: close\r\n\r\n", 421],
    ["a length that is none", "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n", 400],
  ] as const) {
    test(what, async () => {
      const text = await rawText(bytes);
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(text.toLowerCase()).toContain("x-frame-options: deny");
      expect(text).toMatch(/"detail":"[^"]{20,}/);
    });
  }

  for (const dest of ["iframe", "frame", "fencedframe", "embed", "object"]) {
    test(`Sec-Fetch-Dest: ${dest}, for a page, for data and for a file`, async () => {
      for (const path of ["/", "/api/v1/jobs", "/icon.svg"]) {
        const answer = await ask({ path, headers: { "sec-fetch-dest": dest } });
        expect(answer).toMatchObject({ status: 403, body: { code: "FRAME_REFUSED" } });
        expectProtected(answer, path);
      }
    });
  }

  test("what a tab, a script or a fetch asks for is answered", async () => {
    for (const dest of ["document", "script", "empty", "style"])
      expect((await ask({ path: "/health", headers: { "sec-fetch-dest": dest } })).status, dest).toBe(200);
  });
});

test("CR-7.1 a request for an upgrade is answered like any other, and no connection is left open for ever", async () => {
  for (const upgrade of ["websocket", "h2c"]) {
    // Next adds its listener with the first request that it is handed.
    const answer = await ask({ path: "/health", headers: { connection: "upgrade", upgrade } });
    expect(answer.status, upgrade).toBe(200);
    expectProtected(answer, upgrade);
  }
});

test("CR-7.1 what comes through the owner's socket is protected the same way", async () => {
  const socketPath = join(server.dataDir, "unstuck.sock");
  const answer = await new Promise<RawAnswer>((resolve, reject) => {
    request({ socketPath, path: "/api/v1/jobs" }, (response) => {
      response.resume();
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: null }),
      );
    })
      .once("error", reject)
      .end();
  });
  expect(answer.status).toBe(200);
  expectSandboxed(answer, "owner's socket");
});

test("CR-7.1 a log's headers are the door's alone, so that a log opened in a tab is text and nothing else", async () => {
  const { headers } = await ask({ path: `/api/v1/runs/${values.run}/log` });
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(String(headers["content-security-policy"])).toMatch(/^sandbox; default-src 'none'/);
});

test("CR-7.1 Next's own error page cannot be requested by its address: it answers 404, as for any unknown page", async () => {
  const nothing = await ask({ path: "/no-such-page" });
  expect(nothing.status).toBe(404);
  for (const path of ["/_global-error", "/_global-error?x=1", "/_global-error?/"]) {
    const answer = await ask({ path });
    expect(expectProtected(answer, path)).toContain("script-src 'nonce-");
    expect(answer.status, path).toBe(404);
    expect(String(answer.body)).toContain("There is no page here");
    expect(String(answer.body)).not.toContain("page couldn");
  }
  // As the router of a page asks for it, and with the slash that Next takes away.
  const rsc = await ask({ path: "/_global-error?_rsc=1", headers: { rsc: "1" } });
  const same = await ask({ path: "/no-such-page?_rsc=1", headers: { rsc: "1" } });
  expect(rsc.status).toBe(same.status);
  const { status, headers } = await ask({ path: "/_global-error/" });
  expect([status, (await ask({ path: String(headers.location ?? "/_global-error") })).status]).toEqual([
    308, 404,
  ]);
});

function rawText(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.once("error", reject);
    socket.once("close", () => resolve(text));
  });
}
