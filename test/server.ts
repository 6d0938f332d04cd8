import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { TEST_DIST_DIR } from "./built";
import { layEmptyDatabase } from "./empty-database";
import { kill, type LiveProcess, processesOfFolder } from "./processes";
import { until } from "./until";

/** The built server as its user runs it: `node scripts/start.mjs` on a free port with a data folder of its own. */
export type TestServer = {
  readonly origin: string;
  readonly pid: number;
  readonly dataDir: string;
  /** What it printed so far, both streams. */
  output(): string;
  /** `body` is whatever came: tests say what they expect of it. */
  api(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** SIGKILL; resolves when the process is gone. The data folder stays. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code when it ends by itself; null after a signal. */
  readonly gone: Promise<number | null>;
};

// biome-ignore lint/suspicious/noExplicitAny: an answer under test may have any shape; expect() checks it
export type Answer = any;
export type ApiAnswer = { readonly status: number; readonly body: Answer; readonly headers: Headers };

export type ServerOptions = {
  dataDir?: string;
  port?: number;
  env?: Record<string, string>;
  /** false: resolve as soon as it listens, even when it could not boot. */
  ready?: boolean;
  /** A command that becomes or starts the server, like `setpriv … --`; `pid` is that command's. */
  through?: readonly string[];
  /** Instead of scripts/start.mjs. */
  script?: string;
  /** Makes the database itself, as at a first start: see empty-database.ts. */
  first?: boolean;
};

const ENDING_MS = 3_000;
const started = new Set<ChildProcess>();
const folders = new Set<string>();

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? newDataDir();
  if (options.first !== true && folders.has(dataDir)) await layEmptyDatabase(dataDir);
  const { child, output, gone } = spawnServer({ ...options, dataDir });
  const origin = await until("the server prints its address", () => {
    if (hasEnded(child)) throw new Error(`The server ended at once:\n${output()}`);
    return /running at (http:\/\/\S+)/.exec(output())?.[1];
  });
  if (options.ready !== false) {
    await until(
      () => `the server is ready:\n${output()}`,
      async () => {
        if (hasEnded(child)) throw new Error(`The server ended:\n${output()}`);
        return (await fetch(`${origin}/health`).catch(() => null))?.status === 200;
      },
    );
  }
  return {
    origin,
    pid: child.pid ?? 0,
    dataDir,
    output,
    gone,
    // Where who asks has to sign in, the tests ask as the owner.
    api: (method, path, body) =>
      request(
        options.env?.UNSTUCK_AUTH === "" ? { socketPath: join(dataDir, "unstuck.sock") } : origin,
        method,
        path,
        body,
      ),
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
    stop: async () => {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

/** A start that is expected to end by itself: its exit code and everything it printed. */
export async function failingStart(options: ServerOptions): Promise<{ code: number | null; output: string }> {
  const { output, gone } = spawnServer({ ...options, dataDir: options.dataDir ?? newDataDir() });
  return { code: await gone, output: output() };
}

function spawnServer(options: ServerOptions & { dataDir: string }) {
  const script = options.script ?? "scripts/start.mjs";
  const [command = "", ...args] = [...(options.through ?? []), process.execPath, script];
  const child = spawn(command, args, {
    cwd: join(import.meta.dirname, ".."),
    env: environment(options),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  started.add(child);
  // `close`, not `exit`: what it printed last is then here too.
  const gone = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  void gone.then(() => started.delete(child));
  return { child, gone, output: () => printed };
}

/** Next's types demand NODE_ENV of every environment; a user's has none. */
function environment({ dataDir, port = 0, env }: ServerOptions & { dataDir: string }): NodeJS.ProcessEnv {
  const own = {
    UNSTUCK_DATA_DIR: dataDir,
    UNSTUCK_DIST_DIR: TEST_DIST_DIR,
    UNSTUCK_TEST_BUILD: "1",
    PORT: String(port),
    UNSTUCK_TEST_PAGES: "when-asked",
    // Also where the tests themselves run in a container; tests of the other policy say so.
    UNSTUCK_ON_SHUTDOWN: "leave",
    // Most tests are of what the dashboard does, not of who may ask; those of accounts say `UNSTUCK_AUTH: ""`.
    UNSTUCK_AUTH: "off",
    // Under root a job has to say whom it runs as; tests of that say so.
    ...(process.getuid?.() === 0 ? { UNSTUCK_RUN_AS: "root" } : {}),
  };
  return { ...withoutOurs(process.env), ...own, ...env } as Record<string, string> as NodeJS.ProcessEnv;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
  folders.add(folder);
  return folder;
}

/**
 * For `afterAll`: ends every server this file started and removes their data folders. Fails when a run's process is still
 * there: a test has to end what it starts, and the product has to end all of it.
 */
export async function cleanUp(): Promise<void> {
  for (const child of [...started]) {
    child.kill("SIGKILL");
    await until("a server has ended", () => hasEnded(child));
  }
  const left = await lastingProcesses();
  // Again and again: some of the test programs fork faster than one look can follow.
  await until("leftovers have ended", () => {
    const alive = [...folders].flatMap(processesOfFolder);
    for (const { pid } of alive) kill(pid, "SIGKILL");
    return alive.length === 0;
  });
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  const folderLeft = [...folders].filter((folder) => existsSync(folder));
  folders.clear();
  if (left.length > 0) throw new Error(`Processes were left behind: ${JSON.stringify(left)}`);
  if (folderLeft.length > 0) throw new Error(`Folders were left behind: ${folderLeft.join(", ")}`);
}

/** What is there and stays there: what a server had just begun when it was killed, like a fallocate, ends by itself. */
async function lastingProcesses(): Promise<LiveProcess[]> {
  const began = performance.now();
  for (;;) {
    const left = [...folders].flatMap(processesOfFolder);
    if (left.length === 0 || performance.now() - began > ENDING_MS) return left;
    await wait(25);
  }
}

/**
 * For whoever asks with fetch: a connection for each call. One that is kept may be closed by the server at the very moment it is used again, as
 * soon as either of the two has stood still for five seconds.
 */
export const ONE_CALL = { connection: "close" };

export function request(
  door: string | { readonly socketPath: string },
  method: string,
  path: string,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const length = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  const headers = body === undefined ? more : { ...length, ...more };
  const [url, by] = typeof door === "string" ? [door, {}] : ["http://localhost", door];
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}${path}`, { ...by, method, headers, agent: false }, (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (answer += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const isJson = /json/.test(response.headers["content-type"] ?? "");
        const body: Answer = isJson ? JSON.parse(answer) : answer;
        resolve({ status: response.statusCode ?? 0, body, headers: headersOf(response) });
      });
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [String(value)]) all.append(name, one);
  return all;
}

function withoutOurs(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !/^(UNSTUCK_|VITEST|NODE_ENV$|TEST$|PORT$|HOST$)/.test(name))
      kept[name] = value;
  }
  return kept;
}
