import type { Page } from "@playwright/test";
import axe, { type RunOptions } from "axe-core";
import { kill } from "../test/processes";
import { until } from "../test/until";
import { expect, test } from "./dashboard";

type Dashboard = {
  server: {
    dataDir: string;
    api(method: string, path: string, body?: unknown): Promise<{ body: { run: { id: string } } }>;
  };
};

/** A job that has failed, one that runs and writes, one that never ran: every look a page can have at once. */
async function furnish({ server }: Dashboard): Promise<string[]> {
  const add = (id: string, script: string, title: string) =>
    server.api("POST", "/api/v1/jobs", { id, title, argv: ["/bin/sh", "-c", script] });
  await add("fails", "echo starting; echo cannot reach the shop >&2; exit 3", "Fails at once");
  await add(
    "writes",
    'i=0; while :; do i=$((i+1)); echo "line $i"; sleep 0.2; done',
    "Writes for ever – ünïcode 🛒",
  );
  await add("idle", "true", "Never ran");
  const failed = (await server.api("POST", "/api/v1/jobs/fails/start")).body.run.id;
  const running = (await server.api("POST", "/api/v1/jobs/writes/start")).body.run.id;
  await until(
    "one failed",
    async () => "failed" === Object(await server.api("GET", `/api/v1/runs/${failed}`)).body.state,
  );
  await until(
    "one runs",
    async () => "running" === Object(await server.api("GET", `/api/v1/runs/${running}`)).body.state,
  );
  const waiting = await furnishLine({ server });
  const { dead, plan } = await furnishStuck({ server });
  const grants = [{ role: "operator", on: "tag:retail" }];
  await server.api("POST", "/api/v1/users", {
    name: "grace.of.the.night.shift@example.org",
    role: null,
    grants,
  });
  await server.api("POST", "/api/v1/tokens", { name: "grafana" });
  await furnishSchedules({ server });
  return [
    "/",
    "/jobs",
    "/jobs/new",
    "/jobs/fails",
    "/jobs/writes",
    "/jobs/idle",
    "/jobs/idle/edit",
    "/jobs/holds/edit",
    "/runs",
    `/runs/${failed}`,
    `/runs/${running}`,
    `/runs/${waiting}`,
    "/schedules",
    "/stuck",
    "/stuck?age=0",
    `/runs/${dead}`,
    "/cleanups",
    `/cleanups/${plan}`,
    "/locks",
    "/users",
    "/tokens",
    "/audit",
    "/account",
    "/not-allowed?page=%2Fusers",
    "/jobs/none",
    "/runs/none",
  ];
}

/** A lock with a line, and limits of both kinds. @returns a run that waits */
async function furnishLine({ server }: Dashboard): Promise<string> {
  const argv = ["/bin/sh", "-c", "echo here; sleep 600"];
  const locks = ["shop.example/a-rather-long-name-of-a-lock"];
  for (const id of ["holds", "waits"]) {
    const unfolded = { locks, tags: ["retail"], checkpoint: "state", onSilence: "flag", limits: { nice: 5 } };
    await server.api("POST", "/api/v1/jobs", { id, argv, ...unfolded });
    await server.api("POST", `/api/v1/jobs/${id}/start`);
  }
  await server.api("PUT", "/api/v1/limits/tag%3Aretail", { maxRuns: 4 });
  await server.api("PUT", "/api/v1/limits/worker", { maxRuns: 50 });
  return (await server.api("GET", "/api/v1/jobs/waits/status")).body.run.id;
}

/** One that comes rarely in a night of clocks, one that is always skipped, one that is paused. */
async function furnishSchedules({ server }: Dashboard): Promise<void> {
  const add = (job: string, expression: string, more: object = {}) =>
    server.api("POST", `/api/v1/jobs/${job}/schedules`, {
      ...{ when: { by: "cron", expression }, timezone: "Europe/Vienna", ...more },
    });
  await add("idle", "30 2 28 3 *", { startsAt: "2027-01-01T00:00:00Z", title: "A night of clocks" });
  await add("idle", "17 */4 * * 1,3", { enabled: false });
  const skipped = Object((await add("writes", "* * * * * *")).body);
  await until("one was skipped", async () => {
    const { body } = await server.api("GET", `/api/v1/jobs/writes/schedules/${skipped.id}/slots`);
    return Object(body).items.some(({ state }: { state: string }) => state === "skipped");
  });
}

/** One run with nothing to go on from, one that can go on, and the plan of a clean-up. */
async function furnishStuck({ server }: Dashboard): Promise<{ dead: string; plan: string }> {
  const stop = async (id: string, script: string, more: object = {}) => {
    await server.api("POST", "/api/v1/jobs", { id, argv: ["/bin/sh", "-c", script], ...more });
    const { run } = (await server.api("POST", `/api/v1/jobs/${id}/start`)).body;
    const seen = async () => Object(await server.api("GET", `/api/v1/runs/${run.id}`)).body;
    await until(
      `${id} has begun`,
      async () => (await seen()).state === "running" && (await seen()).logBytes > 0,
    );
    kill((await seen()).pid, "SIGKILL");
    await until(`${id} is over`, async () => (await seen()).state === "interrupted");
    return run.id;
  };
  const dead = await stop("gone", "echo ready; exec sleep 600");
  const keeps = `echo '{"page":3}' >"$UNSTUCK_CHECKPOINT"; echo ready; exec sleep 600`;
  await stop("kept", keeps, { cwd: server.dataDir, checkpoint: "kept.json" });
  const made = await server.api("POST", "/api/v1/cleanup/plans", { runs: [dead] });
  return { dead, plan: Object(made.body).id };
}

const LOOKS = [
  { width: 1280, height: 800, opened: "light", turned: "dark" },
  { width: 390, height: 844, opened: "dark", turned: "light" },
] as const;

for (const { opened, turned, ...size } of LOOKS) {
  test(`Every page opened in ${opened} and turned ${turned} at ${size.width} px has no axe violation, no error, no sideways scroll and nothing from elsewhere`, async ({
    page,
    dashboard,
  }) => {
    // A score of pages, each looked at twice by axe: minutes on a busy machine.
    test.setTimeout(600_000);
    const paths = await furnish(dashboard);
    await page.setViewportSize(size);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== dashboard.server.origin && !request.url().startsWith("data:"))
        foreign.push(request.url());
    });
    for (const path of paths) {
      await page.emulateMedia({ colorScheme: opened, reducedMotion: "reduce" });
      await page.goto(`${dashboard.server.origin}${path}`);
      await expect(page.locator("h1")).toBeVisible();
      await page.evaluate(axe.source);
      await expectFit(page, path, opened, "every rule");
      await page.emulateMedia({ colorScheme: turned });
      // Only colours change with the scheme, and all other rules would find the same again.
      await expectFit(page, path, turned, "colours");
    }
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });
}

declare global {
  interface Window {
    /** Once its source has been evaluated in a page. */
    readonly axe: typeof axe;
  }
}

/** The rules of axe that judge by colour. */
const COLOURS = ["color-contrast", "link-in-text-block"];

async function expectFit(
  page: Page,
  path: string,
  scheme: "light" | "dark",
  rules: "every rule" | "colours",
): Promise<void> {
  const where = `${path} ${scheme} ${page.viewportSize()?.width}`;
  await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${scheme}\\b`));
  // Half-way from one colour to the other is a contrast that no one reads at.
  await page.waitForFunction(
    () => !document.getAnimations().some((animation) => animation instanceof CSSTransition),
  );
  await expectAccessible(page, where, rules === "colours" ? { runOnly: COLOURS } : {});
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways, `${where} scrolls sideways`).toBeLessThanOrEqual(0);
}

async function expectAccessible(page: Page, where: string, only: RunOptions): Promise<void> {
  // It looks at one document.
  expect(page.frames(), where).toHaveLength(1);
  const options: RunOptions = { resultTypes: ["violations"], ...only };
  const told = await page.evaluate(async (how) => {
    const { violations } = await window.axe.run(document, how);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  }, options);
  expect(told, where).toEqual([]);
}
