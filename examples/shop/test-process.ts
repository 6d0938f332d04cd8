import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createCatalogue, isBroken } from "./catalogue.mjs";

/** A hang guard. */
const WAIT_MS = 120_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Program {
  readonly name: string;
  readonly ended: Promise<Ended>;
  output(): string;
  isAlive(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the match; rejects when the program ends first. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same for a condition, which is looked at again after every output. */
  until(condition: () => boolean): Promise<void>;
}

const programs: Program[] = [];
const folders: string[] = [];

export function startProgram(
  command: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Program {
  const { PATH = "", HOME = "" } = process.env;
  // Nothing inherited: a SHOP_ or CRAWLEE_ variable of the person who runs the tests must not change them.
  const env = { PATH, HOME, PYTHONDONTWRITEBYTECODE: "1", NODE_ENV: "test" as const, ...options.env };
  const child = spawn(command, args, {
    cwd: options.cwd ?? tmpdir(),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const program = toProgram(child, args.at(0) ?? command);
  programs.push(program);
  return program;
}

export function startNode(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return startProgram(process.execPath, [path, ...args], cwd ? { env, cwd } : { env });
}

export async function startShop(options: { products?: number; slow?: number; port?: number } = {}) {
  const { products = 200, slow = 0, port = 0 } = options;
  const flags = ["--port", String(port), "--products", String(products), "--slow", String(slow)];
  for (let attempt = 1; ; attempt += 1) {
    const server = startNode("./server.mjs", flags);
    try {
      const [, url = ""] = await server.said(/open at (http:\S+)/);
      return { server, url };
    } catch (error) {
      // A port that was ours until just now may be some connection's own for a moment.
      if (port === 0 || attempt === 20) throw error;
      await wait(250);
    }
  }
}

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "shop-test-"));
  folders.push(folder);
  return folder;
}

/** For afterEach or afterAll. Shops are closed; a scraper that is still alive is a failed test. */
export async function leaveNothingBehind(): Promise<void> {
  const alive = programs.splice(0).filter((program) => program.isAlive());
  const forgotten = alive.filter((program) => !program.name.endsWith("server.mjs"));
  for (const program of alive) program.signal(forgotten.includes(program) ? "SIGKILL" : "SIGTERM");
  await Promise.all(alive.map((program) => program.ended));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  if (forgotten.length > 0) throw new Error(`Still alive: ${forgotten.map(({ name }) => name).join(", ")}`);
}

export function readSkus(folder: string, file = "items.jsonl"): string[] {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => String(JSON.parse(line).sku)).sort();
}

/** The items files of earlier crawls, kept under another name. */
export function keptFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^items-.+\.jsonl$/.test(name));
}

export function goodSkus(productCount: number): string[] {
  const good = createCatalogue(productCount).products.filter((product) => !isBroken(product));
  return good.map(({ sku }) => sku);
}

function toProgram(child: ChildProcess, name: string): Program {
  let output = "";
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      tell();
    });
  }
  let end: Ended | null = null;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    // "close", not "exit": only then has all output been read.
    child.on("close", (code, signal) => {
      end = { code, signal };
      tell();
      resolve(end);
    });
  });
  return {
    name,
    ended,
    output: () => output,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    signal: (signal) => void child.kill(signal),
    said: async (pattern) => {
      const found = () => pattern.exec(output);
      await until(() => found() !== null, `said ${pattern}`);
      return found() as RegExpExecArray;
    },
    until: (condition) => until(condition, "did what was waited for"),
  };

  /** Looks whenever the program has said something. */
  function until(condition: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        listeners.delete(look);
        act();
      };
      const fail = (why: string) =>
        finish(() => reject(new Error(`${name} ${why} before it ${what}:\n${output.slice(-2000)}`)));
      const look = () => {
        if (condition()) finish(resolve);
        else if (end) fail("ended");
      };
      const timer = setTimeout(() => fail(`took ${WAIT_MS} ms`), WAIT_MS);
      listeners.add(look);
      look();
    });
  }
}
