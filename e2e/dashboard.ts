import { test as base } from "@playwright/test";
import { cleanUp, newDataDir, startServer, type TestServer } from "../test/server";
import { until } from "../test/until";

/** One dashboard of its own for a story: the built server, an empty data folder, no run left behind. */
export const test = base.extend<{ dashboard: { server: TestServer; restart(): Promise<void> } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the fixtures named, and this one needs none
  dashboard: async ({}, use) => {
    const dataDir = newDataDir();
    const holder = { server: await startServer({ dataDir }) };
    await use({
      get server() {
        return holder.server;
      },
      /** The same port after a kill -9, so that an open page finds it again. */
      async restart() {
        const port = Number(new URL(holder.server.origin).port);
        await holder.server.kill();
        holder.server = await startServer({ dataDir, port });
      },
    });
    await holder.server.api("POST", "/api/v1/stop-all", { graceMs: 0 });
    await until("every run has ended", async () => {
      const { body } = await holder.server.api("GET", "/api/v1/runs?state=queued,starting,running,stopping");
      return body.items.length === 0;
    });
    await cleanUp();
  },
});

export { expect } from "@playwright/test";
