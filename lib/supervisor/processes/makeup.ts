import { constants, readlinkSync } from "node:fs";
import { commandLineOf, GONE, HIDDEN, readUnless, unless } from "./proc-files";
import type { ProcessMakeup } from "./processes";

/** What /proc says of a process now: its command line, its signals and where its input and output lead. null: there is no such process. */
export function makeup(pid: number): ProcessMakeup | null {
  const status = readUnless(`/proc/${pid}/status`, GONE);
  if (status === null) return null;
  const cmdline = commandLineOf(pid) ?? "";
  return {
    argv: cmdline === "" ? [] : cmdline.replace(/\0$/, "").split("\0"),
    catches: signalsIn(status, "SigCgt"),
    ignores: signalsIn(status, "SigIgn"),
    input: descriptor(pid, 0),
    output: descriptor(pid, 1),
  };
}

/** `pipe:[81]`, `/dev/null`, `/dev/null (append)`. */
function descriptor(pid: number, number: number): string | null {
  const file = unless([...GONE, ...HIDDEN], () => readlinkSync(`/proc/${pid}/fd/${number}`));
  const info = file === null ? null : readUnless(`/proc/${pid}/fdinfo/${number}`, [...GONE, ...HIDDEN]);
  if (file === null || info === null) return null;
  const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? "0", 8);
  return (flags & constants.O_APPEND) === 0 ? file : `${file} (append)`;
}

/** `SigCgt:\t0000000000014002`: bit N - 1 stands for signal N. */
function signalsIn(status: string, name: string): ReadonlySet<number> {
  const mask = BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? 0}`);
  return new Set(Array.from({ length: 64 }, (_, at) => at + 1).filter((at) => (mask >> BigInt(at - 1)) & 1n));
}
