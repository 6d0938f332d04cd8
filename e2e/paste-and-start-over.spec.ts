import { expect, test } from "./dashboard";

const PEM = "-----BEGIN KEY-----\nab+/=\n-----END KEY-----";

test("FR-F2 FR-F5 An operator pastes a .env file, sees what becomes of it, and starts a run over with the arguments of the last one", async ({
  page,
  dashboard,
}) => {
  const { origin, api } = dashboard.server;
  const argv = ["sh", "-c", "echo 18 >state; exit 1", "sh"];
  await api("POST", "/api/v1/jobs", { id: "shop", argv, cwd: dashboard.server.dataDir, checkpoint: "state" });

  await page.goto(`${origin}/jobs/shop/edit`);
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 1").evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, `export REGION='north' # where\nCERT="${PEM}"\nset X\n`);
  const preview = page.getByRole("region", { name: "Pasted variables" });
  await expect(preview).toContainText("REGION=north");
  await expect(preview).toContainText("set X");
  await preview.getByRole("button", { name: "Add 2 variables" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  expect((await api("GET", "/api/v1/jobs/shop")).body).toMatchObject({
    env: { REGION: "north", CERT: PEM },
    argv,
  });

  const { run } = (await api("POST", "/api/v1/jobs/shop/start", { args: ["--category", "shoes"] })).body;
  await page.goto(`${origin}/runs/${run.id}`);
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("shoes");
  await page.getByRole("button", { name: "With these arguments" }).click();
  await expect(page).not.toHaveURL(new RegExp(run.id));
  await expect(page.getByRole("list", { name: "Arguments" })).toContainText("shoes");
  await expect(page.locator("main")).toContainText(`as ${run.id}`);
});
