import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestServer } from "../test/server";
import { until } from "../test/until";
import { expect, test } from "./dashboard";

/** Goes on from its file when there is one, and says so; it runs until it is ended. */
const KEEPS = `[ -e "$0" ] && echo "going on from $(cat "$0")"; echo '{"page":3}' >"$0"; echo ready; exec sleep 3600`;
const FORGETS = "echo ready; exec sleep 3600";

const readRun = async (server: TestServer, id: string) =>
  (await server.api("GET", `/api/v1/runs/${id}`)).body;

/** Starts a job and waits until it has written what it writes. @returns the run's id */
async function begin(server: TestServer, id: string, title: string, keeps: boolean): Promise<string> {
  const file = `${id}.json`;
  const argv = keeps ? ["/bin/sh", "-c", KEEPS, file] : ["/bin/sh", "-c", FORGETS];
  const job = { id, title, argv, cwd: server.dataDir, ...(keeps ? { checkpoint: file } : {}) };
  expect((await server.api("POST", "/api/v1/jobs", job)).status).toBe(201);
  const { run } = (await server.api("POST", `/api/v1/jobs/${id}/start`)).body;
  await until(`${id} is at work`, async () => {
    const { state, logBytes } = await readRun(server, run.id);
    return state === "running" && logBytes > 0 && (!keeps || existsSync(join(server.dataDir, file)));
  });
  return run.id;
}

const interrupted = (server: TestServer, ids: readonly string[]) =>
  until("the runs are known to be over", async () => {
    const runs = await Promise.all(ids.map((id) => readRun(server, id)));
    return runs.every(({ state }) => state === "interrupted");
  });

test("E6 After a host crash an operator cleans three dead runs through the dry run, resumes two with one click each, and undoes one clean-up", async ({
  page,
  dashboard,
}) => {
  test.setTimeout(600_000);
  const dead: string[] = [];
  for (const name of ["one", "two", "three"])
    dead.push(await begin(dashboard.server, `gone-${name}`, `Gone ${name}`, false));
  const kept: string[] = [];
  for (const name of ["one", "two"])
    kept.push(await begin(dashboard.server, `kept-${name}`, `Kept ${name}`, true));
  await dashboard.crash();
  const { server } = dashboard;
  await interrupted(server, [...dead, ...kept]);
  const states = () => Promise.all(dead.map(async (id) => (await readRun(server, id)).state));

  // What is wrong, and why.
  await page.goto(server.origin);
  const counts = page.getByRole("list", { name: "Live counts" });
  await expect(counts.getByRole("link", { name: /Resumable/ })).toHaveText(/^2/);
  await expect(counts.getByRole("link", { name: /Dead/ })).toHaveText(/^3/);
  await counts.getByRole("link", { name: /Dead/ }).click();
  await page.waitForURL(/\/stuck#dead$/);
  const of = (category: string) => page.locator(`section#${category}`);
  await expect(of("dead").getByRole("listitem")).toHaveCount(3);
  await expect(of("resumable").getByRole("listitem")).toHaveCount(2);
  await of("resumable").getByText("Evidence").first().click();
  await expect(of("resumable").getByRole("definition").filter({ hasText: ".json" }).first()).toBeVisible();

  // Dead ones are ticked, what can go on is not.
  for (const box of await of("dead").getByRole("checkbox").all()) await expect(box).toBeChecked();
  for (const box of await of("resumable").getByRole("checkbox").all()) await expect(box).not.toBeChecked();
  await page.getByRole("button", { name: "Clean up 3 dead runs…" }).click();

  // The dry run is a page, and nothing has changed yet.
  await page.waitForURL(/\/cleanups\/plan_/);
  const rows = page.getByRole("region", { name: "Runs of this plan" }).locator("[data-row]");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("Will become “Timeout – Auto-cleaned”");
  expect(await states()).toEqual(["interrupted", "interrupted", "interrupted"]);
  await page.getByRole("button", { name: "Apply…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("No process is ended, nothing is deleted");
  await dialog.getByLabel("Reason").fill("the host went down");
  await dialog.getByRole("button", { name: "Clean up 3 runs" }).click();
  await expect(page.locator('[data-plan-state="applied"]')).toBeVisible();
  await expect(rows.locator('[data-result="done"]')).toHaveCount(3);
  await expect(page.locator("main")).toContainText("the host went down");
  expect(await states()).toEqual(["cleaned", "cleaned", "cleaned"]);
  const plan = page.url();

  // One click each, and the page says where the work goes on.
  await page.goto(`${server.origin}/stuck`);
  const begun = page.getByRole("status").filter({ hasText: "Started just now" });
  for (const title of ["Kept one", "Kept two"]) {
    await page.getByRole("button", { name: `Resume ${title}` }).click();
    await expect(begun).toContainText(`${title} resumes in run_`);
  }
  await expect(of("resumable")).toHaveCount(0);
  await begun.getByRole("link").first().click();
  await page.waitForURL(/\/runs\/run_/);
  await expect(page.locator("main [data-state]").first()).toHaveAttribute("data-state", "running");
  await expect(page.getByRole("log")).toContainText('going on from {"page":3}');
  for (const id of kept)
    expect(await readRun(server, id)).toMatchObject({ state: "interrupted", unsettled: false });

  // One of them was not meant.
  await page.goto(plan);
  await page.getByRole("button", { name: "Undo the clean-up of Gone two" }).click();
  // UX-A5: what will happen is said before, and the reason is nobody's duty.
  await expect(dialog).toContainText("1 comes back to Stuck.");
  await dialog.getByRole("button", { name: "Undo clean-up" }).click();
  await expect(rows.locator('[data-result="undone"]')).toHaveCount(1);
  await expect.poll(states).toEqual(["cleaned", "interrupted", "cleaned"]);
  await page.goto(`${server.origin}/stuck`);
  await expect(of("dead").getByRole("listitem")).toHaveCount(1);
  await expect(of("dead")).toContainText("Gone two");
  await page.goto(`${server.origin}/runs/${dead[0]}`);
  await expect(page.locator("main [data-state]").first()).toHaveAttribute("data-state", "cleaned");
  await expect(page.locator("main")).toContainText("Timeout – Auto-cleaned: ");
  await expect(page.getByRole("button", { name: "Undo clean-up…" })).toBeVisible();
});

test("E6 A threshold below 12 hours explains itself, and a run whose job came alive after the dry run is skipped with the reason", async ({
  page,
  dashboard,
}) => {
  test.setTimeout(400_000);
  const run = await begin(dashboard.server, "gone", "Gone one", false);
  await dashboard.crash();
  const { server } = dashboard;
  await interrupted(server, [run]);
  await page.goto(`${server.origin}/stuck`);
  await expect(page.locator("section#dead")).toContainText("Gone one");
  await page.getByLabel("Hours of your own").fill("0");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.waitForURL(/\?age=0/);
  await expect(page.getByRole("status").filter({ hasText: "is short for calling a run dead" })).toContainText(
    "merely slow is easily taken for dead",
  );
  const cleanUp = page.getByRole("button", { name: "Clean up 1 dead run…" });
  await expect(cleanUp).toBeDisabled();
  await page.getByLabel("Clean up runs younger than 12 hours too").check();
  await cleanUp.click();
  await page.waitForURL(/\/cleanups\/plan_/);
  const row = page.getByRole("region", { name: "Runs of this plan" }).locator("[data-row]");
  await expect(row).toHaveCount(1);

  const again = (await server.api("POST", "/api/v1/jobs/gone/start")).body.run.id;
  await until("it runs again", async () => (await readRun(server, again)).state === "running");
  await page.getByRole("button", { name: "Apply…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Clean up 1 run" }).click();
  await expect(row.locator('[data-result="skipped"]')).toBeVisible();
  const items = (await server.api("GET", `/api/v1/cleanup/plans/${page.url().split("/").at(-1)}/items`)).body;
  expect(items.items[0].detail).toMatch(/\w/);
  await expect(row).toContainText(items.items[0].detail);
  expect((await readRun(server, run)).state).toBe("interrupted");
  expect((await readRun(server, again)).state).toBe("running");
});
