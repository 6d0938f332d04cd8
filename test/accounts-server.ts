import { afterAll, beforeAll, expect } from "vitest";
import { firstAdmin, type Person } from "./people";
import { program } from "./programs";
import { cleanUp, startServer, type TestServer } from "./server";
import { until } from "./until";

/** A dashboard with accounts, its first admin, and the jobs `shop` and `other`, each with a tag of its name. To be read inside tests alone. */
export type AccountsServer = { readonly server: TestServer; readonly admin: Person };

/** One for all tests of a file, which calls this once. */
export function accountsServer(): AccountsServer {
  const its = {} as { -readonly [Key in keyof AccountsServer]: AccountsServer[Key] };
  beforeAll(async () => {
    its.server = await startServer({ env: { UNSTUCK_AUTH: "" } });
    its.admin = await firstAdmin(its.server);
    const job = {
      argv: program("forever"),
      cwd: its.server.dataDir,
      env: { PLAIN: "v1sible" },
      envSecret: { HIDDEN: "s3cret-value" },
    };
    for (const id of ["shop", "other"])
      expect((await its.admin.api("POST", "/api/v1/jobs", { ...job, id, tags: [id] })).status).toBe(201);
  });
  afterAll(async () => {
    await its.server.api("POST", "/api/v1/stop-all", { graceMs: 0 });
    await until("no run is active", async () => {
      const { body } = await its.server.api("GET", "/api/v1/runs?state=queued,starting,running,stopping");
      return body.items.length === 0;
    });
    await cleanUp();
  });
  return its;
}
