import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "./config/config";
import { openFiles } from "./files/files";
import { installChild } from "./files/install";
import type { slot } from "./slot.mjs";

type Server = NonNullable<ReturnType<typeof slot>["server"]>;

/** What looks at paths of other people, which may not answer. */
export function openReader({ root, paths, readTimeoutMs }: Config, log: Logger) {
  const script = installChild(join(root, "lib/files/child"), paths.launchers);
  return openFiles({ script, timeoutMs: readTimeoutMs, ownFolder: paths.data, log });
}

/** Nothing depends on it but the command line's comfort, so without it the dashboard comes up all the same. */
export async function openSocket(server: Server, path: string, log: Logger) {
  const socket = await server.openOwnerSocket(path);
  if (socket.path === null) log.warn({ why: socket.why }, "socket.unavailable");
  else log.info({ path }, "socket.open");
  return socket;
}
