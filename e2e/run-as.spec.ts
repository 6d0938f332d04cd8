import { NO_OTHER_USER, OTHER } from "../test/other-user";
import { until } from "../test/until";
import { expect, test } from "./dashboard";

test.skip(NO_OTHER_USER !== null, NO_OTHER_USER ?? "");
// As root starts it that has set nothing.
test.use({ env: { UNSTUCK_RUN_AS: "" } });

test("Under root an admin chooses the user a job runs as, is told at the field what is wrong, and sees whom it ran as", async ({
  page,
  dashboard,
}) => {
  const { origin, api } = dashboard.server;
  await page.goto(`${origin}/jobs/new`);
  await page.getByLabel("Id", { exact: true }).fill("whoami");
  await page.getByLabel("Command").fill("id -un");
  await page.getByLabel("Folder").fill("/");
  const user = page.getByLabel("User", { exact: true });
  await expect(user).toHaveAttribute("aria-required", "true");

  const save = page.getByRole("button", { name: "Create job" });
  for (const [typed, problem] of [
    ["", "does not say which user it runs as"],
    ["no-such-user", "no user called"],
    ["../etc", "Expected the name of a user of the host"],
  ] as const) {
    await user.fill(typed);
    await save.click();
    await expect(user, typed).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator("form")).toContainText(problem);
  }
  expect((await api("GET", "/api/v1/jobs/whoami")).status).toBe(404);

  await user.fill(OTHER);
  await save.click();
  await page.waitForURL(/\/jobs\/whoami$/);
  await expect(page.locator("dl", { hasText: "User" }).first()).toContainText(OTHER);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const runs = async () => (await api("GET", "/api/v1/runs?job=whoami")).body.items;
  const run = await until("it has run", async () =>
    (await runs()).find((one: { state: string }) => one.state === "completed"),
  );
  await page.goto(`${origin}/runs/${run.id}`);
  await expect(page.locator("dl", { hasText: "User" }).first()).toContainText(OTHER);
});
