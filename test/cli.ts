import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, startChild } from "./children";
import type { TestServer } from "./server";

const CLI = join(import.meta.dirname, "../cli/unstuck.mjs");

/** A terminal of its own for a program: what is written to it arrives as if it were typed, Ctrl-C too. */
const TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)";

/** `output` has both streams; `out` and `err` tell them apart (in a terminal all is `out`). */
export type Cli = Child & { output(): string; out(): string; err(): string; type(keys: string): void };

type Options = { cwd: string; env?: Record<string, string> };
/** By its address, or by its data folder and so by its socket. */
export type Asked = Pick<TestServer, "origin"> | { readonly socketOf: string };

/** `unstuck …`, as a person or cron calls it. */
export function unstuck(server: Asked, args: readonly string[], options: Options): Cli {
  return withOutput(process.execPath, [CLI, ...args], server, options);
}

/** A shell line in a terminal; `$UNSTUCK` is the command there. */
export function inTerminal(server: Asked, line: string, options: Options): Cli {
  const env = { ...options.env, UNSTUCK: `${process.execPath} ${CLI}` };
  return withOutput("python3", ["-c", TERMINAL, "sh", "-c", line], server, { ...options, env });
}

function withOutput(command: string, args: readonly string[], asked: Asked, { cwd, env }: Options): Cli {
  const place = "origin" in asked ? { UNSTUCK_URL: asked.origin } : { UNSTUCK_DATA_DIR: asked.socketOf };
  // Not the tokens of the person who runs the tests.
  const tokens = { XDG_CONFIG_HOME: join(tmpdir(), "unstuck-test-no-tokens"), UNSTUCK_TOKEN: "" };
  const child = startChild(command, args, { cwd, env: { ...place, ...tokens, ...env }, stdio: "pipe" });
  const printed = { all: "", out: "", err: "" };
  for (const name of ["out", "err"] as const)
    child.process[`std${name}`]?.on("data", (chunk: Buffer) => {
      printed[name] += chunk.toString();
      printed.all += chunk.toString();
    });
  // `close`, not `exit`: what it printed last is then here too.
  const closed = new Promise<void>((resolve) => child.process.once("close", () => resolve()));
  return {
    ...child,
    ended: child.ended.then(async (ended) => {
      await closed;
      return ended;
    }),
    output: () => printed.all,
    out: () => printed.out,
    err: () => printed.err,
    type: (keys) => void child.process.stdin?.write(keys),
  };
}
