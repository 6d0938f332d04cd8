import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { commandOf, isRunning } from "../test/processes";
import { until } from "../test/until";
import { expect, test } from "./dashboard";

const byHand: ChildProcess[] = [];
test.afterEach(() => {
  for (const child of byHand.splice(0)) child.kill("SIGKILL");
});

/** Somebody starts the program in a terminal; it writes its pid file itself. */
async function startByHand(pidFile: string): Promise<number> {
  const child = spawn("sh", ["-c", `echo $$ >"$0"; exec sleep 3600`, pidFile], { stdio: "ignore" });
  byHand.push(child);
  const pid = child.pid ?? 0;
  await until(
    "it has written its pid file and become the program",
    () =>
      existsSync(pidFile) && Number(readFileSync(pidFile, "utf8")) === pid && commandOf(pid) === "sleep 3600",
  );
  return pid;
}

test("An operator finds a program that was started by hand, cannot start it twice, stops it, runs the job and resets it by force", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const pidFile = join(server.dataDir, "crawl.pid");
  await server.api("POST", "/api/v1/jobs", {
    id: "crawl",
    title: "Nightly crawl",
    argv: ["/bin/sh", "-c", "echo ready; exec sleep 3600"],
    cwd: server.dataDir,
    pidFile: "crawl.pid",
  });
  await page.goto(`${server.origin}/jobs`);
  const row = page.getByRole("row", { name: /Nightly crawl/ });
  const start = row.getByRole("button", { name: "Start Nightly crawl" });
  await expect(start).toBeEnabled();

  // Somebody was faster, and the page has not heard of it yet.
  const asItWas = await (await fetch(`${server.origin}/api/v1/status?limit=50`)).text();
  await page.route(/\/api\/v1\/status\?/, (route) =>
    route.fulfill({ body: asItWas, contentType: "application/json" }),
  );
  const pid = await startByHand(pidFile);
  await start.click();
  const refusal = page.getByRole("alert").filter({ hasText: "was not started" });
  await expect(refusal).toContainText(`names process ${pid} (sleep 3600)`);
  expect((await server.api("GET", "/api/v1/runs")).body.items).toEqual([]);

  // Once it has, it says who is there and offers the one step that helps.
  await page.unroute(/\/api\/v1\/status\?/);
  await expect(row).toContainText(`Runs outside (pid ${pid})`);
  await page.goto(server.origin);
  await expect(page.locator("#attention")).toContainText(`Runs outside (pid ${pid})`);
  await page.locator("#attention").getByRole("link", { name: "Nightly crawl" }).click();
  await page.waitForURL(/\/jobs\/crawl$/);
  await expect(page.locator("main")).toContainText("sleep 3600");
  await page.getByRole("button", { name: "Stop it" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByLabel("Force")).not.toBeChecked();
  await dialog.getByLabel("Reason").fill("it belongs to the dashboard now");
  await dialog.getByRole("button", { name: "Stop it" }).click();
  await expect(dialog).toBeHidden();
  await until("the program is gone", () => !isRunning(pid));

  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/runs\/run_/);
  const run = page.url().split("/").at(-1);
  const state = page.locator("main [data-state]").first();
  await expect(state).toHaveAttribute("data-state", "running");

  // What is alive is not just forgotten, and the refusal says what force would cost.
  await page.goto(`${server.origin}/jobs/crawl`);
  await page.getByRole("button", { name: "Reset job" }).click();
  await dialog.getByRole("button", { name: "Reset", exact: true }).click();
  await expect(dialog).toContainText("is really alive");
  await expect(dialog).toContainText("work since its last checkpoint is lost");
  expect((await server.api("GET", `/api/v1/runs/${run}`)).body.state).toBe("running");
  await dialog.getByLabel("Force").check();
  await dialog.getByRole("button", { name: "Force reset" }).click();
  await expect(dialog).toBeHidden();
  await expect(state).toHaveAttribute("data-state", "stopped");
  expect(existsSync(pidFile)).toBe(false);
  await expect(page.getByRole("button", { name: /^Start/ }).first()).toBeEnabled();
});

test("A job that cannot be started yet becomes startable on the open page when what was in the way has gone", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const pidFile = join(server.dataDir, "crawl.pid");
  await server.api("POST", "/api/v1/jobs", {
    id: "crawl",
    argv: ["/bin/true"],
    cwd: server.dataDir,
    pidFile: "crawl.pid",
  });
  mkdirSync(pidFile);
  await page.goto(`${server.origin}/jobs/crawl`);
  const wait = page.getByRole("button", { name: "Wait", exact: true });
  await expect(wait).toBeDisabled();
  await expect(wait).toHaveAttribute("title", /it is a folder/);

  rmdirSync(pidFile);
  await expect(page.getByRole("button", { name: "Start", exact: true })).toBeEnabled();
});
