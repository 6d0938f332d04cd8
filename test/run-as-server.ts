import { chownSync } from "node:fs";
import { type Operator, operator } from "./operator";
import { accountOf, OTHER } from "./other-user";
import { newDataDir, startServer, type TestServer } from "./server";

export type RunAsServer = {
  readonly server: TestServer;
  readonly op: Operator;
  /** The other user's. */
  readonly folder: string;
};

/** Under root, as root starts it that has set nothing. */
export async function startRunAsServer(): Promise<RunAsServer> {
  const server = await startServer({ env: { UNSTUCK_RUN_AS: "" } });
  const folder = newDataDir();
  const { uid, gid } = accountOf(OTHER);
  chownSync(folder, uid, gid);
  return { server, op: operator(server), folder };
}
