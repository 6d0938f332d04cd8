import { expect, test } from "./dashboard";

test("An operator adds a job, is told what is wrong with it, puts it right, runs it, changes it and deletes it", async ({
  page,
  dashboard,
}) => {
  const { origin } = dashboard.server;
  await page.goto(`${origin}/jobs/new`);
  await page.getByLabel("Id", { exact: true }).fill("../etc");
  await page.getByLabel("Command", { exact: true }).fill(`no-such-program "two words"`);
  await page.getByRole("button", { name: /create|save/i }).click();
  await expect(page.locator("main")).toContainText(/expected|small letters/i);
  await expect(page).toHaveURL(/\/jobs\/new/);

  await page.getByLabel("Id", { exact: true }).fill("nightly");
  await page.getByRole("button", { name: /create|save/i }).click();
  await expect(page.locator("main")).toContainText('The command "no-such-program" was not found');
  expect((await dashboard.server.api("GET", "/api/v1/jobs")).body.items).toEqual([]);

  await page.getByLabel("Command", { exact: true }).fill(`/bin/sh -c "echo 'hello  world'; exit 3"`);
  await page.getByRole("button", { name: /create|save/i }).click();
  await page.waitForURL(/\/jobs\/nightly$/);
  expect((await dashboard.server.api("GET", "/api/v1/jobs/nightly")).body.argv).toEqual([
    "/bin/sh",
    "-c",
    "echo 'hello  world'; exit 3",
  ]);

  await page.getByRole("button", { name: "Start", exact: true }).first().click();
  await page.waitForURL(/\/runs\/run_/);
  await expect(page.locator("main [data-state]").first()).toHaveAttribute("data-state", "failed");
  await expect(page.locator("main")).toContainText("Exited with code 3.");
  await expect(page.getByRole("log")).toContainText("hello  world");

  await page.goto(`${origin}/jobs/nightly/edit`);
  await page.getByLabel("Title").fill("Every night");
  const { body: job } = await dashboard.server.api("GET", "/api/v1/jobs/nightly");
  await dashboard.server.api("PATCH", "/api/v1/jobs/nightly", { version: job.version, tags: ["elsewhere"] });
  await page.getByRole("button", { name: /save/i }).click();
  await expect(page.locator("main")).toContainText(/changed meanwhile/i);

  await page.goto(`${origin}/jobs/nightly`);
  await page.getByRole("button", { name: "Delete job" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox").fill("nightly");
  await dialog.getByRole("button", { name: /delete/i }).click();
  await page.waitForURL(/\/jobs$/);
  expect((await dashboard.server.api("GET", "/api/v1/jobs/nightly")).status).toBe(404);
});
