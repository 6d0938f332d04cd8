import { expect, test } from "./dashboard";

test("FR-A2 FR-A8 An operator chooses by which signals a job is stopped and whom they go to, and is told what a crawl lacks", async ({
  page,
  dashboard,
}) => {
  const { origin, api } = dashboard.server;
  await api("POST", "/api/v1/jobs", { id: "shop", argv: ["sh", "-c", "scrapy crawl shop"] });
  const job = async () => (await api("GET", "/api/v1/jobs/shop")).body;

  await page.goto(`${origin}/jobs/shop/edit`);
  await page.getByRole("button", { name: "How it is stopped" }).click();
  await expect(page.getByLabel("Stop grace period")).toHaveValue("10 s");
  await page.getByLabel("Signal goes to").selectOption("group");
  await page.getByRole("button", { name: "Choose the signal" }).click();
  await expect(page.getByLabel("Wait after signal 1")).toHaveValue("10 s");
  await page.getByLabel("Signal 1", { exact: true }).selectOption("SIGUSR1");
  await page.getByRole("button", { name: "Add another signal" }).click();
  await page.getByLabel("Wait after signal 2").fill("soon");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Expected a length of time").first()).toBeVisible();
  await page.getByLabel("Wait after signal 2").fill("1 min");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  const sequence = [
    { signal: "SIGUSR1", waitMs: 10_000 },
    { signal: "SIGTERM", waitMs: 60_000 },
  ];
  expect(await job()).toMatchObject({
    signals: { to: "group", sequence },
    timeouts: { stopGraceMs: 70_000 },
  });
  await expect(page.locator("main")).toContainText(
    "SIGUSR1 to its process group, 10 s, SIGTERM, 1 min, then SIGKILL",
  );
  await expect(page.locator("main")).not.toContainText("No Scrapy call is recognised");

  await page.goto(`${origin}/jobs/shop/edit`);
  await page.getByLabel("Kind").selectOption("scrapy");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("takes one signal, found 2").first()).toBeVisible();
  await page.getByRole("button", { name: "Remove signal 1" }).click();
  await page.getByRole("button", { name: "Remove signal 1" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  await expect(page.locator("main")).toContainText("SIGINT to its process group, 3 min 20 s, then SIGKILL");
  await expect(page.locator("main")).toContainText("No Scrapy call is recognised in sh");
});
