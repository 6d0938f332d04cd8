import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./dashboard";

const dialogOf = (page: Page) => page.getByRole("alertdialog");

test("An admin makes a user for one job, changes, disables and deletes it", async ({ page, dashboard }) => {
  const { server } = dashboard;
  const argv = ["/bin/true"];
  await server.api("POST", "/api/v1/jobs", { id: "nightly", title: "Nightly prices", argv, tags: ["shop"] });
  const users = async () => (await server.api("GET", "/api/v1/users")).body.items;
  const dialog = dialogOf(page);

  await page.goto(`${server.origin}/users`);
  await expect(page.getByText("No user yet")).toBeVisible();
  await page.getByRole("button", { name: "New user…" }).first().click();
  // What is missing is said where it is missing, and nothing is sent.
  await dialog.getByLabel("Single jobs").check();
  await dialog.getByRole("button", { name: "Create user" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog).toContainText("Choose a role, or add at least one job or tag.");
  await dialog.getByLabel("Name").fill("alice");
  await dialog.getByRole("button", { name: "Add job or tag" }).click();
  await dialog.getByRole("button", { name: "Create user" }).click();
  await expect(dialog).toContainText("Choose a job.");
  await dialog.getByLabel("Job of line 1").selectOption("nightly");
  await dialog.getByRole("button", { name: "Create user" }).click();

  // The password is shown this once.
  await expect(dialog).toContainText("Pass this password on to alice now");
  await expect(dialog.locator("code")).toHaveText(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/);
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row", { name: /alice/ });
  await expect(row).toContainText("Starts and stops Nightly prices.");
  await expect(row).toContainText("never signed in");
  expect(await users()).toMatchObject([
    { name: "alice", role: null, grants: [{ role: "operator", on: "job:nightly" }], mustChange: true },
  ]);

  // A name is taken whatever the case of its letters.
  await page.getByRole("button", { name: "New user…" }).click();
  await dialog.getByLabel("Name").fill("Alice");
  await dialog.getByRole("button", { name: "Create user" }).click();
  await expect(dialog).toContainText("Choose another name.");
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  // Someone else was quicker: what they did is not overwritten.
  await row.getByRole("button", { name: "Change alice" }).click();
  const [{ id }] = await users();
  await server.api("PATCH", `/api/v1/users/${id}`, { role: "viewer" });
  await dialog.getByLabel("Name").fill("alice.b");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("STALE_VERSION");
  await dialog.getByRole("button", { name: "Reload the user" }).click();
  await expect(dialog.getByLabel("Viewer")).toBeChecked();
  await expect(dialog.getByLabel("Name")).toHaveValue("alice");
  await dialog.getByRole("button", { name: "Add job or tag" }).click();
  await dialog.getByLabel("Job or tag in line 2").selectOption("tag");
  await dialog.getByLabel("Tag of line 2").fill("shop");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText("Sees all jobs. Starts and stops Nightly prices and jobs tagged shop.");

  // What is needed rarely is in the menu.
  const choose = async (item: string) => {
    await row.getByRole("button", { name: "More for alice" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose("Reset password…");
  await dialog.getByRole("button", { name: "Reset password" }).click();
  await expect(dialog.locator("code")).toHaveText(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/);
  await dialog.getByRole("button", { name: "Done" }).click();
  await choose("Disable…");
  await dialog.getByRole("button", { name: "Disable user" }).click();
  await expect(row).toContainText("disabled");
  await choose("Enable…");
  await dialog.getByRole("button", { name: "Enable user" }).click();
  await expect(row).not.toContainText("disabled");
  await choose("Delete…");
  await expect(dialog.getByRole("button", { name: "Delete user" })).toBeDisabled();
  await dialog.getByLabel("Type alice to confirm").fill("alice");
  await dialog.getByRole("button", { name: "Delete user" }).click();
  await expect(page.getByText("No user yet")).toBeVisible();
  expect(await users()).toEqual([]);
});

test("An admin makes a token, sees its secret once, and revokes it", async ({ page, dashboard }) => {
  const { server } = dashboard;
  const dialog = dialogOf(page);
  const forAWeek = { name: "for a week", expiresInDays: 7 };
  expect((await server.api("POST", "/api/v1/tokens", forAWeek)).status).toBe(201);
  await page.goto(`${server.origin}/tokens`);
  await expect(page.getByRole("row", { name: /for a week/ })).toContainText("in 7 d");
  await page.getByRole("button", { name: "Revoke for a week" }).click();
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "New token…" }).first().click();
  await expect(dialog.getByLabel("Viewer")).toBeChecked();
  await dialog.getByLabel("Name").fill("nightly report");
  await dialog.getByLabel("Expires after").selectOption("30 days");
  await dialog.getByRole("button", { name: "Create token" }).click();
  const secret = (await dialog.locator("code").first().textContent()) ?? "";
  expect(secret).toMatch(/^unstuck_[\w-]{43}$/);
  await expect(dialog).toContainText(`UNSTUCK_URL=${server.origin} UNSTUCK_TOKEN=${secret} unstuck status`);
  await expect(dialog).toContainText(`curl -H "Authorization: Bearer ${secret}"`);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();

  const row = page.getByRole("table", { name: "Tokens" }).getByRole("row", { name: /nightly report/ });
  await expect(row).toContainText("Sees all jobs.");
  const end = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 7);
  await expect(row).toContainText(new RegExp(`${end}-\\d\\d`));
  expect(await page.content()).not.toContain(secret);
  await row.getByRole("button", { name: "Revoke nightly report" }).click();
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByText("No token", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Revoked and expired" })).toContainText(
    /nightly report.*revoked.*by operator/,
  );
});

test("An admin finds an entry of the audit, unfolds it, and takes the filtered record along", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  await server.api("POST", "/api/v1/jobs", { id: "nightly", title: "Nightly prices", argv: ["/bin/true"] });
  const { body } = await server.api("POST", "/api/v1/users", { name: "bob", role: "viewer" });
  await server.api("PATCH", `/api/v1/users/${body.user.id}`, { role: "operator" });

  await page.goto(`${server.origin}/audit`);
  const table = page.getByRole("table", { name: "Audit" });
  await expect(table.getByRole("row", { name: /created a job/ })).toBeVisible();
  await expect(table.getByRole("link", { name: "Nightly prices" })).toHaveAttribute("href", "/jobs/nightly");

  await page.getByLabel("What was done").selectOption("Users");
  await expect(page).toHaveURL(/action=user\./);
  await expect(table.getByRole("row", { name: /created a job/ })).toHaveCount(0);
  const change = table.getByRole("button", { name: "changed a user" });
  await change.click();
  await expect(change).toHaveAttribute("aria-expanded", "true");
  await expect(table).toContainText("access");
  await expect(table.getByRole("img", { name: "became" })).toBeVisible();

  // What comes later waits until it is asked for.
  await server.api("PATCH", `/api/v1/users/${body.user.id}`, { disabled: true });
  await page.getByRole("button", { name: "+1 new" }).click();
  await expect(table.getByRole("button", { name: "disabled a user" })).toBeVisible();

  // A name counts once it is complete; Back takes the filter away again.
  await page.getByLabel("Who").fill("no-such-user");
  await page.getByLabel("Who").press("Enter");
  await expect(page.getByText("No entry matches")).toBeVisible();
  await page.goBack();
  await expect(table.getByRole("button", { name: "disabled a user" })).toBeVisible();
  await page.getByLabel("From").fill("2020-01-01");
  await expect(page).toHaveURL(/since=20(19|20)-/);
  // The whole filter stands on one line of a page this wide.
  const tops = [
    page.getByLabel("Who"),
    page.getByLabel("To", { exact: true }),
    page.getByRole("button", { name: "Show all" }),
  ];
  const boxes = await Promise.all(tops.map((one) => one.boundingBox()));
  expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);

  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  const lines = (await readFile(await csv.path(), "utf8")).trim().split("\r\n");
  expect(lines[0]).toMatch(/^id,at,actor,action/);
  expect(lines.slice(1).map((line) => line.split(",")[3])).toEqual([
    "user.disabled",
    "user.changed",
    "user.created",
  ]);
  const [json] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export JSON lines" }).click(),
  ]);
  const entries = (await readFile(await json.path(), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(entries).toMatchObject([
    { action: "user.disabled", actor: "operator", outcome: "done" },
    { action: "user.changed" },
    { action: "user.created" },
  ]);

  await page.getByRole("button", { name: "Show all" }).click();
  await expect(table.getByRole("row", { name: /created a job/ })).toBeVisible();

  // The record is longer than a page of it.
  for (let runs = 1; runs <= 55; runs += 1)
    await server.api("PUT", "/api/v1/limits/worker", { maxRuns: runs });
  await page.reload();
  await expect(table.getByRole("button", { name: "set a concurrency limit" })).toHaveCount(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(table.getByRole("row", { name: /created a job/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);
});
