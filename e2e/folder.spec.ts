import { expect, test } from "./dashboard";

test("CR-6.11 An operator comes to a copied data folder, is told on every page that nothing begins, and confirms it as the live one", async ({
  page,
  dashboard,
}) => {
  await dashboard.server.api("POST", "/api/v1/jobs", {
    id: "crawl",
    title: "Nightly crawl",
    argv: ["/bin/sh", "-c", "echo ready; exec sleep 3600"],
    cwd: "/",
  });
  await dashboard.replaceByCopy();
  const { server } = dashboard;
  for (const path of ["/", "/runs", "/jobs"]) {
    await page.goto(`${server.origin}${path}`);
    await expect(page.getByText("this may not be the live data folder")).toBeVisible();
  }
  await expect(page.getByText("It is a copy in the original's place")).toBeVisible();
  await page.getByRole("button", { name: "Start Nightly crawl" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "was not started" })).toContainText(
    "FOLDER_UNCONFIRMED",
  );
  expect((await server.api("GET", "/api/v1/runs")).body.items).toEqual([]);

  await page.getByRole("button", { name: "This is the live one…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Is this the live data folder?" });
  await dialog.getByLabel("Reason").fill("moved to the new disk");
  await dialog.getByRole("button", { name: "Yes, this is the live one" }).click();
  await expect(page.getByText("this may not be the live data folder")).toBeHidden();
  expect((await server.api("GET", "/api/v1/folder")).body).toMatchObject({ state: "live" });
  await page.getByRole("button", { name: "Start Nightly crawl" }).click();
  await expect(page.getByRole("row", { name: /Nightly crawl/ })).toContainText("Running");
});
