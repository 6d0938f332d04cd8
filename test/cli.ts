import { join } from "node:path";
import { type Child, startChild } from "./children";
import type { TestServer } from "./server";

const CLI = join(import.meta.dirname, "../cli/unstuck.mjs");

/** A terminal of its own for a program: what is written to it arrives as if it were typed, Ctrl-C too. */
const TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)";

export type Cli = Child & { output(): string; type(keys: string): void };

type Options = { cwd: string; env?: Record<string, string> };

/** `unstuck …`, as a person or cron calls it. */
export function unstuck(server: Pick<TestServer, "origin">, args: readonly string[], options: Options): Cli {
  return withOutput(process.execPath, [CLI, ...args], server, options);
}

/** A shell line in a terminal; `$UNSTUCK` is the command there. */
export function inTerminal(server: Pick<TestServer, "origin">, line: string, options: Options): Cli {
  const env = { ...options.env, UNSTUCK: `${process.execPath} ${CLI}` };
  return withOutput("python3", ["-c", TERMINAL, "sh", "-c", line], server, { ...options, env });
}

function withOutput(
  command: string,
  args: readonly string[],
  { origin }: Pick<TestServer, "origin">,
  { cwd, env }: Options,
): Cli {
  const child = startChild(command, args, {
    cwd,
    env: { UNSTUCK_URL: origin, ...env },
    stdio: "pipe",
  });
  let printed = "";
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  return { ...child, output: () => printed, type: (keys) => void child.process.stdin?.write(keys) };
}
