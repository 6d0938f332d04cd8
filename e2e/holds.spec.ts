import { expect, test } from "./dashboard";

test("A hold is on every page with its reason and end until it is released, there or elsewhere", async ({
  page,
  dashboard,
}) => {
  const { origin, api } = dashboard.server;
  const place = (body: Record<string, unknown>) => api("POST", "/api/v1/holds", body);
  const reason = "The shop is being moved.";
  await place({ on: "all", reason });
  const { body: second } = await place({
    on: "tag:shops",
    reason: "Its provider is down.",
    until: "2099-01-06T06:00:00Z",
  });
  const all = page.getByRole("status").filter({ hasText: reason });
  const tag = page.getByRole("status").filter({ hasText: "Its provider is down." });
  for (const path of ["/", "/jobs", "/stuck", "/locks"]) {
    await page.goto(origin + path);
    await expect(all, path).toContainText("until the hold is released");
    await expect(tag, path).toContainText("2099");
  }
  await api("DELETE", `/api/v1/holds/${second.id}`);
  await expect(tag).toBeHidden({ timeout: 30_000 });
  await all.getByRole("button", { name: "Release" }).click();
  await expect(all).toBeHidden();
  expect((await api("GET", "/api/v1/holds")).body.items).toEqual([]);
  await page.goto(`${origin}/audit`);
  await expect(page.getByText("released a hold").first()).toBeVisible();
});

test("An operator holds back a tag from the page of schedules; what makes no sense is refused there and holds nothing", async ({
  page,
  dashboard,
}) => {
  const { origin, api } = dashboard.server;
  await page.goto(`${origin}/schedules`);
  await page.getByRole("button", { name: "Hold automatic starts…" }).click();
  const dialog = page.getByRole("alertdialog");
  const hold = dialog.getByRole("button", { name: "Place hold" });
  await expect(hold, "it needs a reason").toBeDisabled();
  await dialog.getByLabel("Reason").fill("Moving");
  await dialog.getByLabel("Hold", { exact: true }).selectOption("One job");
  await expect(hold, "it needs a job").toBeDisabled();
  await dialog.getByLabel("Id of the job").fill("no-such-job");
  await hold.click();
  await expect(dialog.getByRole("alert")).toContainText("no-such-job");
  await dialog.getByLabel("Id of the job").fill("../etc");
  await hold.click();
  await expect(dialog.getByRole("alert")).toContainText("job:ID");
  await dialog.getByLabel("Hold", { exact: true }).selectOption("Jobs with a tag");
  await dialog.getByLabel("Tag").fill("shops");
  await dialog.getByLabel("Until").fill("2020-01-01T00:00");
  await hold.click();
  await expect(dialog.getByRole("alert")).toContainText("in the future");
  expect((await api("GET", "/api/v1/holds")).body.items).toEqual([]);
  await dialog.getByLabel("Until").fill("2099-01-01T00:00");
  await hold.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("status").filter({ hasText: "jobs tagged shops" })).toContainText("Moving");
  expect((await api("GET", "/api/v1/holds")).body.items).toMatchObject([
    { on: "tag:shops", reason: "Moving" },
  ]);
});
