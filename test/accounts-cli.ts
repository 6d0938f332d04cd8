import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import { type CreateTokenBody, TokenCreated } from "@/lib/contracts/api-token";
import { type Cli, unstuck } from "./cli";
import { cleanUp, startServer, type TestServer } from "./server";
import { until } from "./until";

export const CTRL_C = "\x03";

/** A dashboard that asks who you are, and a command line with a place of its own for tokens. To be used inside tests alone. */
export type AccountsCli = {
  readonly server: TestServer;
  /** For another call of the command line. */
  env(more?: Record<string, string>): Record<string, string>;
  /** Where the command line keeps its tokens. */
  tokens(): string;
  /** On the host, by the data folder and so by the socket. */
  here(...args: string[]): Cli;
  /** By the address, as from elsewhere. */
  away(token: string, ...args: string[]): Cli;
  /** What `here` has printed, which has ended well. */
  printed(...args: string[]): Promise<string>;
  makeToken(body: CreateTokenBody): Promise<ReturnType<typeof TokenCreated.parse>>;
};

/** One for all tests of a file, which calls this once. */
export function accountsCli(): AccountsCli {
  /** Not the one of the person who runs the tests. */
  let config = "";
  let server: TestServer | null = null;
  const its: AccountsCli = {
    get server() {
      return server ?? expect.fail("It is not up yet.");
    },
    env: (more = {}) => ({ XDG_CONFIG_HOME: config, UNSTUCK_TOKEN: "", ...more }),
    tokens: () => join(config, "unstuck/tokens.json"),
    here: (...args) =>
      unstuck({ socketOf: its.server.dataDir }, args, { cwd: its.server.dataDir, env: its.env() }),
    away: (token, ...args) =>
      unstuck(its.server, [...args, "--url", its.server.origin], {
        cwd: its.server.dataDir,
        env: its.env({ UNSTUCK_TOKEN: token }),
      }),
    printed: async (...args) => (await ended(its.here(...args), 0)).out(),
    makeToken: async (body) =>
      TokenCreated.parse((await its.server.api("POST", "/api/v1/tokens", body)).body),
  };
  beforeAll(async () => {
    server = await startServer({ env: { UNSTUCK_AUTH: "" } });
    config = mkdtempSync(join(tmpdir(), "unstuck-config-"));
  });
  afterAll(async () => {
    rmSync(config, { recursive: true, force: true });
    await cleanUp();
  });
  return its;
}

export async function ended(called: Cli, code: number): Promise<Cli> {
  const { code: found } = await called.ended;
  expect(found, called.output()).toBe(code);
  return called;
}

/** What of its output was answered already: the same question may come again. */
const answered = new WeakMap<Cli, number>();

/** Waits for the question, then types. */
export async function types(called: Cli, question: string, answer: string): Promise<void> {
  const shown = () => stripVTControlCharacters(called.output().slice(answered.get(called) ?? 0));
  await until(
    () => `it asks ${question}; it said ${called.output()}`,
    // A question that was answered stands there without that.
    () => shown().includes(`${question} [input is masked]`),
  );
  answered.set(called, called.output().length);
  called.type(answer === CTRL_C ? answer : `${answer}\r`);
}
