import { readFileSync } from "node:fs";
import { type Child, startChild } from "./children";
import { commandOf } from "./processes";
import { until } from "./until";

/** What a pid file says; NaN when it is not there or says nothing yet. */
export function pidIn(path: string): number {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return Number.NaN;
  }
}

/**
 * Somebody starts a program by hand, which writes its pid file itself.
 * @param script how it goes on when its file is there; it has become the program when it ends in `exec`
 * @param before what is to be true by then
 */
export async function startByHand(pidFile: string, script = "exec sleep 3600", before = ":"): Promise<Child> {
  const child = startChild("sh", ["-c", `${before}; echo $$ >"$0"; ${script}`, pidFile], { detached: true });
  await until("it has written its pid file", () => pidIn(pidFile) === child.pid);
  if (script.startsWith("exec "))
    await until("it has become the program", () => commandOf(child.pid) === script.slice("exec ".length));
  return child;
}
