import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEST_DIST_DIR } from "./built";
import { until } from "./until";

/** The built server as its user runs it: `node scripts/start.mjs` on a free port with a data folder of its own. */
export type TestServer = {
  readonly origin: string;
  readonly pid: number;
  readonly dataDir: string;
  /** What it printed so far, both streams. */
  output(): string;
  /** `body` is whatever came: tests say what they expect of it. */
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Answer; headers: Headers }>;
  /** SIGKILL; resolves when the process is gone. The data folder stays. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
};

// biome-ignore lint/suspicious/noExplicitAny: an answer under test may have any shape; expect() checks it
export type Answer = any;

export type ServerOptions = {
  dataDir?: string;
  port?: number;
  env?: Record<string, string>;
  ready?: boolean;
};

/** @param options.ready false: resolve as soon as it listens, even when it could not boot */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? newDataDir();
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: join(import.meta.dirname, ".."),
    env: {
      ...withoutOurs(process.env),
      UNSTUCK_DATA_DIR: dataDir,
      UNSTUCK_DIST_DIR: TEST_DIST_DIR,
      UNSTUCK_TEST_BUILD: "1",
      NODE_ENV: "production",
      PORT: String(options.port ?? 0),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  started.add(child);
  void gone.then(() => started.delete(child));
  const origin = await until("the server prints its address", () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended at once:\n${printed}`);
    return /running at (http:\/\/\S+)/.exec(printed)?.[1];
  });
  if (options.ready !== false) {
    await until(
      () => `the server is ready:\n${printed}`,
      async () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`The server ended:\n${printed}`);
        return (await fetch(`${origin}/health`).catch(() => null))?.status === 200;
      },
    );
  }
  return {
    origin,
    pid: child.pid ?? 0,
    dataDir,
    output: () => printed,
    api: (method, path, body) => request(origin, method, path, body),
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

const started = new Set<ChildProcess>();
const folders = new Set<string>();

export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
  folders.add(folder);
  return folder;
}

/** For `afterEach`/`afterAll`: ends every server this file started and removes their data folders. */
export async function cleanUp(): Promise<void> {
  for (const child of [...started]) {
    child.kill("SIGKILL");
    await until("a server has ended", () => child.exitCode !== null || child.signalCode !== null);
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

export async function request(origin: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${origin}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

function withoutOurs(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !/^(UNSTUCK_|VITEST|NODE_ENV$|TEST$|PORT$|HOST$)/.test(name))
      kept[name] = value;
  }
  return kept;
}
