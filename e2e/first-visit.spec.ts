import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GOOD_PRODUCT_COUNT } from "@/examples/shop/catalogue.mjs";
import { expect, test } from "./dashboard";

test("A first visitor runs the demo, watches it, stops it, starts it again and gets every product", async ({
  page,
  dashboard,
}) => {
  test.setTimeout(600_000);
  const { origin, dataDir } = dashboard.server;
  await page.goto(origin);
  await page.getByRole("button", { name: "Run the demo scraper" }).click();
  await page.waitForURL(/\/runs\/run_/);
  const first = page.url();
  const state = page.locator("main [data-state]").first();
  await expect(state).toHaveAttribute("data-state", "running");

  const log = page.getByRole("region", { name: /log/i }).first();
  await expect(log).toContainText(/page \d+\/\d+/);
  const pagesSeen = async () =>
    Math.max(
      ...[...((await log.textContent()) ?? "").matchAll(/page (\d+)\//g)].map((match) => Number(match[1])),
    );
  const before = await pagesSeen();
  await expect.poll(pagesSeen).toBeGreaterThan(before);

  await page.getByRole("button", { name: "Stop", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Reason").fill("lunch");
  await dialog.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(state).toHaveAttribute("data-state", /^(stopping|stopped)$/);
  await expect(state).toHaveAttribute("data-state", "stopped");
  await expect(page.locator("main")).toContainText("lunch");
  const events = await dashboard.server.api("GET", `/api/v1/runs/${first.split("/").at(-1)}/events`);
  const path = events.body.items.map((event: { data: { to?: string } }) => event.data.to).filter(Boolean);
  expect(path).toEqual(["starting", "running", "stopping", "stopped"]);

  // The rest of the shop without the polite pauses: this story is about going on, not about waiting.
  const { body: job } = await dashboard.server.api("GET", "/api/v1/jobs/demo");
  const env = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "12" };
  await dashboard.server.api("PATCH", "/api/v1/jobs/demo", { version: job.version, env });
  await page.getByRole("button", { name: "Resume" }).click();
  await page.waitForURL((url) => url.href !== first && /\/runs\/run_/.test(url.pathname));
  await expect(state).toHaveAttribute("data-state", "completed", { timeout: 300_000 });
  await expect(log).toContainText(`completed: ${GOOD_PRODUCT_COUNT} products`);
  const items = readFileSync(join(dataDir, "demo/items.jsonl"), "utf8").trim().split("\n");
  const skus = items.map((line) => JSON.parse(line).sku);
  expect(new Set(skus).size).toBe(GOOD_PRODUCT_COUNT);
  expect(skus).toHaveLength(GOOD_PRODUCT_COUNT);

  const run = page.url().split("/").at(-1)?.split(/[?#]/)[0];
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("link", { name: /download/i })
      .first()
      .click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${run}.log`);
  const onDisk = readFileSync(join(dataDir, `demo/logs/${run}.log`));
  expect(hash(readFileSync(await download.path()))).toBe(hash(onDisk));
});

test("A run survives the kill of the dashboard, and the open page finds it again", async ({
  page,
  dashboard,
}) => {
  await page.goto(dashboard.server.origin);
  await page.getByRole("button", { name: "Run the demo scraper" }).click();
  await page.waitForURL(/\/runs\/run_/);
  const state = page.locator("main [data-state]").first();
  await expect(state).toHaveAttribute("data-state", "running");
  const id = page.url().split("/").at(-1);
  const before = await dashboard.server.api("GET", `/api/v1/runs/${id}`);
  await dashboard.restart();
  const after = await dashboard.server.api("GET", `/api/v1/runs/${id}`);
  expect(after.body.pid).toBe(before.body.pid);
  expect(after.body.state).toBe("running");
  const log = page.getByRole("region", { name: /log/i }).first();
  await expect(state).toHaveAttribute("data-state", "running");
  const size = after.body.logBytes;
  await expect
    .poll(async () => (await dashboard.server.api("GET", `/api/v1/runs/${id}`)).body.logBytes)
    .toBeGreaterThan(size);
  await expect(log).toContainText(/page \d+/);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Stop", exact: true }).click();
  await expect(state).toHaveAttribute("data-state", "stopped");
});

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
