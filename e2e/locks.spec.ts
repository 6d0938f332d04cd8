import { expect, test } from "./dashboard";

test("An operator sees who holds a lock and who waits, frees it from a live run by force, and limits what runs at once", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const add = (id: string, more: object = {}) =>
    server.api("POST", "/api/v1/jobs", {
      id,
      title: `The ${id}`,
      argv: ["/bin/sh", "-c", "echo ready; exec sleep 600"],
      locks: ["yahoo"],
      ...more,
    });
  const start = async (id: string): Promise<string> =>
    (await server.api("POST", `/api/v1/jobs/${id}/start`)).body.run.id;
  await add("first");
  await add("second");
  await add("urgent", { priority: 9 });
  const first = await start("first");
  const second = await start("second");
  await start("urgent");
  const stateOf = async (run: string) => (await server.api("GET", `/api/v1/runs/${run}`)).body.state;
  await expect.poll(() => stateOf(first)).toBe("running");

  // What the waiting run says of itself leads to the locks.
  await page.goto(`${server.origin}/runs/${second}`);
  await expect(page.locator("main")).toContainText(`waits for lock yahoo, held by ${first}`);
  await expect(page.locator("main")).toContainText("Place 2 of 2 waiting for lock yahoo.");
  await page.getByRole("link", { name: "Locks and limits" }).click();
  await page.waitForURL(/\/locks$/);
  const row = page.getByRole("table", { name: "Shared locks" }).getByRole("row", { name: /yahoo/ });
  await expect(row.getByRole("link", { name: "The first" })).toBeVisible();
  await expect(row.getByRole("listitem")).toHaveText([/The urgent.*priority 9/, /The second/]);

  // Without force a live holder keeps it, and the refusal says who it is.
  await row.getByRole("button", { name: "Release yahoo" }).click();
  const dialog = page.getByRole("alertdialog");
  const force = dialog.getByLabel("Take it from a live run");
  await expect(force).not.toBeChecked();
  await expect(dialog.getByRole("button", { name: "Release if it is gone" })).toBeDisabled();
  await dialog.getByLabel("Reason").fill("it hangs");
  await dialog.getByRole("button", { name: "Release if it is gone" }).click();
  await expect(dialog).toContainText(/which is alive \(pid \d+/);
  expect(await stateOf(first)).toBe("running");

  await force.check();
  await dialog.getByRole("button", { name: "Take it away" }).click();
  await expect(dialog).toBeHidden();
  await expect(row.getByRole("link", { name: "The urgent" })).toBeVisible();
  await expect(row.getByRole("listitem")).toHaveText([/The second/]);
  expect(await stateOf(first)).toBe("running");
  await page.goto(`${server.origin}/runs/${first}`);
  await expect(page.locator("main")).toContainText("Lock yahoo was taken away from it");

  // A job's own lock cannot be forced.
  await page.goto(`${server.origin}/locks`);
  const own = page.getByRole("table", { name: "Jobs’ own locks" }).getByRole("row", { name: /job:first/ });
  await own.getByRole("button", { name: "Release job:first" }).click();
  await expect(dialog.getByRole("checkbox")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  // Limits.
  await page.getByLabel("This host", { exact: true }).fill("2");
  await page.getByRole("button", { name: "Save the limit for This host" }).click();
  await expect(page.locator('[data-limit="worker"]')).toContainText("2 of 2 active · none waiting");
  await page.getByLabel("Tag", { exact: true }).fill("retail");
  await page.getByLabel("Max concurrent runs").fill("1");
  await page.getByRole("button", { name: "Add limit" }).click();
  await expect(page.locator('[data-limit="tag:retail"]')).toContainText("0 of 1 active · none waiting");
  await page.getByRole("button", { name: "Remove the limit for Tag retail" }).click();
  await expect(page.locator('[data-limit="tag:retail"]')).toHaveCount(0);
  const limits = (await server.api("GET", "/api/v1/limits")).body.items;
  expect(limits).toMatchObject([{ name: "worker", maxRuns: 2 }]);
});
