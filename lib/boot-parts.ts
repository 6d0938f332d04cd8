import { join } from "node:path";
import type { Logger } from "pino";
import { wallClock } from "./clock";
import type { Config } from "./config/config";
import { openFiles } from "./files/files";
import { installChild } from "./files/install";
import { ownName } from "./own-name";
import type { slot } from "./slot.mjs";
import { markEarlierJobs } from "./store/run-as";
import type { Store } from "./store/transaction";

type Server = NonNullable<ReturnType<typeof slot>["server"]>;

/** What looks at paths of other people, which may not answer. */
export function openReader({ root, paths, readTimeoutMs }: Config, log: Logger) {
  const script = installChild(join(root, "lib/files/child"), paths.launchers);
  return openFiles({ script, timeoutMs: readTimeoutMs, ownFolder: paths.data, log, me: ownName() });
}

/** Jobs of before jobs said whom they run as go on as they did. */
export async function markJobs(store: Store, log: Logger): Promise<void> {
  const root = process.getuid?.() === 0 ? (ownName() ?? "root") : null;
  const jobs = await markEarlierJobs(store, root, wallClock());
  if (jobs.length > 0) log.warn({ jobs, runAs: root }, "jobs.run_as_root");
}

/** Nothing depends on it but the command line's comfort, so without it the dashboard comes up all the same. */
export async function openSocket(server: Server, path: string, log: Logger) {
  const socket = await server.openOwnerSocket(path);
  if (socket.path === null) log.warn({ why: socket.why }, "socket.unavailable");
  else log.info({ path }, "socket.open");
  return socket;
}
