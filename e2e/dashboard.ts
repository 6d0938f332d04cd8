import { cpSync, renameSync, rmSync } from "node:fs";
import { test as base, expect, type Page } from "@playwright/test";
import { kill, processesOfFolder } from "../test/processes";
import { cleanUp, newDataDir, startServer, type TestServer } from "../test/server";
import { until } from "../test/until";

type Dashboard = {
  server: TestServer;
  restart(): Promise<void>;
  crash(): Promise<void>;
  replaceByCopy(): Promise<void>;
};

/** One dashboard of its own for a story: the built server, an empty data folder, no run left behind. */
export const test = base.extend<{ dashboard: Dashboard; accounts: boolean; env: Record<string, string> }>({
  /** Of the dashboard, beside what all of them have. */
  env: [{}, { option: true }],
  /** `test.use({ accounts: true })`: whoever asks has to sign in. */
  accounts: [false, { option: true }],
  /** A page counts as there once React has taken it over: what is clicked or typed before is lost, on a slow machine. */
  page: async ({ page }, use) => {
    const violations = await policyViolations(page);
    const goto = page.goto.bind(page);
    page.goto = async (...where) => {
      const response = await goto(...where);
      await page.waitForFunction(isTakenOver);
      return response;
    };
    await use(page);
    expect(violations, "what the content security policy has blocked").toEqual([]);
  },
  dashboard: async ({ accounts, env: own }, use) => {
    const dataDir = newDataDir();
    const env = { UNSTUCK_AUTH: accounts ? "" : "off", ...own };
    const holder = { server: await startServer({ dataDir, env }) };
    const port = Number(new URL(holder.server.origin).port);
    await use({
      get server() {
        return holder.server;
      },
      /** The same port after a kill -9, so that an open page finds it again. */
      async restart() {
        await holder.server.kill();
        holder.server = await startServer({ dataDir, port, env });
      },
      /** As after a crash of the host: nothing is left of the dashboard or of what it ran, and it is started again. */
      async crash() {
        await holder.server.kill();
        await until("nothing of it is left", () => {
          const alive = processesOfFolder(dataDir);
          for (const { pid } of alive) kill(pid, "SIGKILL");
          return alive.length === 0;
        });
        holder.server = await startServer({ dataDir, port, env });
      },
      /** As when a data folder is restored from a backup: a copy stands where it was. */
      async replaceByCopy() {
        await holder.server.kill();
        cpSync(dataDir, `${dataDir}-copy`, { recursive: true, filter: (path) => !path.endsWith(".sock") });
        rmSync(dataDir, { recursive: true });
        renameSync(`${dataDir}-copy`, dataDir);
        holder.server = await startServer({ dataDir, port, env });
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

/** CR-7.1 Whatever a story does, on no page may anything need more than the content security policy allows. */
export async function policyViolations(page: Page): Promise<string[]> {
  const found: string[] = [];
  page.on("console", (message) => {
    if (/content.security.policy/i.test(message.text())) found.push(`${page.url()}: ${message.text()}`);
  });
  await page.exposeFunction("toldOfViolation", (text: string) => found.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
      const tell = Reflect.get(window, "toldOfViolation");
      tell(`${location.pathname}: ${violatedDirective} blocked ${blockedURI} (${sourceFile}:${lineNumber})`);
    });
  });
  return found;
}

function isTakenOver(): boolean {
  const controls = [...document.querySelectorAll("main button, main input, main textarea, nav a")];
  return controls.every((control) => Object.keys(control).some((key) => key.startsWith("__reactProps$")));
}

export { expect } from "@playwright/test";
