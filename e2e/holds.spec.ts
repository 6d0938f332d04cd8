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
    await expect(all, path).toContainText("until it is released");
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
