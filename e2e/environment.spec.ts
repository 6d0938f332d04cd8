import { expect, test } from "./dashboard";

const DOTENV = "A=1\nB=2\n#C=3";

test("CR-7.4 FR-F5 An operator edits a job: what was not touched stays to the letter, a secret is replaced unseen, a plain one is made secret", async ({
  page,
  dashboard,
}) => {
  const { origin, api } = dashboard.server;
  const env = { DOTENV, DB_PASSWORD: "was-shown" };
  await api("POST", "/api/v1/jobs", {
    id: "shop",
    argv: ["/bin/true"],
    env,
    envSecret: { API_TOKEN: "first" },
  });
  const job = async () => (await api("GET", "/api/v1/jobs/shop")).body;

  await page.goto(`${origin}/jobs/shop/edit`);
  await expect(page.getByLabel("Value of DOTENV")).toHaveValue(DOTENV);
  await expect(page.getByLabel("Value of API_TOKEN")).toHaveValue("");
  await page.getByLabel("Title").fill("Shop");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  expect(await job()).toMatchObject({ title: "Shop", env, envSecret: ["API_TOKEN"] });

  await page.goto(`${origin}/jobs/shop/edit`);
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 4").fill("MAX_TOKENS");
  await page.getByLabel("Value of MAX_TOKENS").fill("5");
  await expect(page.getByRole("checkbox", { name: "Secret" }).nth(3)).not.toBeChecked();
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 5").fill("PROXY_PASSWORD");
  await page.getByLabel("Value of PROXY_PASSWORD").fill("line 1\nline 2");
  await expect(page.getByRole("checkbox", { name: "Secret" }).nth(4)).toBeChecked();
  await page.getByLabel("Value of API_TOKEN").fill("second");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  expect(await job()).toMatchObject({
    env: { ...env, MAX_TOKENS: "5" },
    envSecret: ["API_TOKEN", "PROXY_PASSWORD"],
  });

  await page.getByRole("button", { name: "Show what a run gets" }).click();
  await expect(page.locator("main")).toContainText("was-shown");
  await page.getByRole("button", { name: "Make DB_PASSWORD a secret" }).click();
  await expect(page.locator("main")).not.toContainText("was-shown");
  expect(await job()).toMatchObject({ envSecret: ["API_TOKEN", "DB_PASSWORD", "PROXY_PASSWORD"] });
});
