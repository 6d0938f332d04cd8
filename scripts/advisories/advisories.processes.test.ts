import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { LOCK, PRODUCTION, PROJECT } from "./project.fixture";

/** A registry on loopback that knows of advisories, a project that pins some packages, and the script as `npm run` starts it. */

const SCRIPT = join(import.meta.dirname, "../advisories.mjs");
const BULK = "/-/npm/v1/security/advisories/bulk";

type Advisory = Record<string, unknown>;
type Asked = Readonly<Record<string, readonly string[]>>;
let answer: (response: ServerResponse, asked: Asked, count: number) => void;
/** The bodies of questions for advisories, in order: the script's first, then npm's. */
let asked: Asked[] = [];
let origin = "";
let root = "";

const registry = createServer((request, response) => void handle(request, response));
beforeAll(async () => {
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  root = mkdtempSync(join(tmpdir(), "unstuck-advisories-"));
  writeFileSync(join(root, "package.json"), JSON.stringify(PROJECT));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(LOCK));
});
beforeEach(() => {
  asked = [];
  knows({});
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
});

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== BULK) return packument(request.url ?? "", response);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const isGzip = request.headers["content-encoding"] === "gzip";
  asked.push(JSON.parse((isGzip ? gunzipSync(body) : body).toString()));
  answer(response, asked.at(-1) ?? {}, asked.length);
}

/** npm asks it which versions there are. */
function packument(path: string, response: ServerResponse): void {
  const name = decodeURIComponent(path.slice(1));
  const versions = Object.fromEntries(
    ["1.0.0", "1.2.0", "2.0.0"].map((version) => [version, { name, version }]),
  );
  json(response, { name, versions, "dist-tags": { latest: "2.0.0" } });
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** It answers everyone the same, whatever they have asked for. */
function knows(advisories: Readonly<Record<string, readonly Advisory[]>>): void {
  answer = (response) => json(response, advisories);
}

let count = 0;
function anAdvisory(changes: Advisory = {}): Advisory {
  count += 1;
  return {
    id: 1_000 + count,
    url: `https://example.org/GHSA-${count}`,
    title: "Reads too much",
    severity: "high",
    vulnerable_versions: "<1.2.0",
    cwe: [],
    cvss: { score: 7, vectorString: null },
    ...changes,
  };
}

type Said = { readonly code: number; readonly out: string; readonly err: string };
function run(): Promise<Said> {
  const env = {
    ...process.env,
    npm_config_registry: `${origin}/`,
    npm_config_cache: join(root, "cache"),
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, root], { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

test("without an advisory it says so, for every version that production pins and no other", async () => {
  const { code, out, err } = await run();
  expect(err).toBe("");
  expect(out).toBe("No advisory for 10 pinned versions of production. npm audit says the same.\n");
  expect(code).toBe(0);
  expect(asked[0]).toEqual(PRODUCTION);
  // npm asks for the same, each in its own order, and for tools for itself alone.
  const sorted = (one: Asked = {}) =>
    Object.fromEntries(Object.entries(one).map(([name, all]) => [name, [...all].sort()]));
  expect(sorted(asked[1])).toMatchObject(sorted(PRODUCTION));
});

test("an advisory counts for the versions that it is about itself, whatever the registry answers with", async () => {
  knows({
    twice: [anAdvisory({ id: 7 })],
    replaced: [anAdvisory({ vulnerable_versions: "<2.0.0" })],
    unknown: [anAdvisory()],
    tool: [anAdvisory({ vulnerable_versions: "*" })],
  });
  const { code, out } = await run();
  expect(out).toMatch(
    /^high {6}twice 1\.0\.0 \(<1\.2\.0\): Reads too much https:\/\/example\.org\/GHSA-\d+\n1 of /,
  );
  expect(out).toContain("npm audit says the same.");
  expect(code).toBe(1);
});

test.each([
  ["critical", 1],
  ["high", 1],
  ["never heard of", 1],
  ["moderate", 0],
  ["low", 0],
])("severity %s: exit code %i", async (severity, expected) => {
  knows({ "@scope/real": [anAdvisory({ severity })], optional: [anAdvisory({ severity: "low" })] });
  const { code, out } = await run();
  expect(out).toContain(`${severity.padEnd(8)}  @scope/real 1.0.0`);
  expect(out).toContain("low       optional 1.0.0");
  expect(code).toBe(expected);
});

test("where npm audit says something else, that is said, and fails", async () => {
  const [ours, theirs] = [anAdvisory({ severity: "low" }), anAdvisory({ severity: "low" })];
  answer = (response, _, number) => json(response, number === 1 ? { plain: [ours] } : { other: [theirs] });
  const { code, out } = await run();
  expect(out).toContain(
    `DISAGREE  plain, advisory ${ours.id}: it is about a pinned version, and npm audit does not list it.`,
  );
  expect(out).toContain(
    `DISAGREE  other, advisory ${theirs.id}: npm audit lists it, and it is about no pinned version.`,
  );
  expect(code).toBe(1);
});

test("a title cannot steer the terminal", async () => {
  knows({ plain: [anAdvisory({ title: "\u001b[2Jnothing\nfound" })] });
  const { out } = await run();
  expect(out).toContain("?[2Jnothing?found");
});

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  [
    "has no such endpoint",
    (response) => response.writeHead(405).end(),
    /answered 405 .*offers no advisories/,
  ],
  ["fails", (response) => response.writeHead(503).end("later"), /answered 503 .*Try again later/],
  ["breaks off", (response) => response.destroy(), /did not answer: /],
  [
    "answers no JSON",
    (response) => response.end("<html>Sign in</html>"),
    /expected an object .*found no JSON/,
  ],
  ["answers a list", (response) => response.end("[]"), /found no object/],
  ["answers no lists", (response) => response.end('{"plain":"none"}'), /found no list for plain/],
  [
    "answers advisories about nothing",
    (response) => response.end('{"plain":[{"id":1}]}'),
    /without id or vulnerable_versions/,
  ],
  [
    "answers advisories about no range",
    (response) => json(response, { plain: [anAdvisory({ vulnerable_versions: "all of them" })] }),
    /"all of them", which is no range/,
  ],
])("a registry that %s is none that says all is well", async (_, how, expected) => {
  answer = how;
  const { code, out, err } = await run();
  expect(err).toMatch(expected);
  expect(err).toMatch(/^Whether advisories are known could not be found out: /);
  expect(out).toBe("");
  expect(code).toBe(2);
});

test("neither is one that answers this question, and not npm's", async () => {
  answer = (response, _, number) => (number === 1 ? json(response, {}) : void response.writeHead(405).end());
  const { code, err } = await run();
  expect(err).toMatch(/could not be found out: npm audit failed: 405 Method Not Allowed/);
  expect(code).toBe(2);
});

test("one that never answers is waited for so long, by this and by npm", async () => {
  const { advisoriesFor } = await import("./registry.mjs");
  const { npmAudit } = await import("./npm.mjs");
  answer = () => undefined;
  await expect(advisoriesFor(`${origin}/`, [], 300)).rejects.toThrow(/did not answer within 0\.3 s/);
  const { npm_config_registry: before } = process.env;
  process.env.npm_config_registry = `${origin}/`;
  try {
    await expect(npmAudit(root, 1_500)).rejects.toThrow(/npm audit was not done within 1\.5 s/);
  } finally {
    if (before === undefined) delete process.env.npm_config_registry;
    else process.env.npm_config_registry = before;
  }
});
