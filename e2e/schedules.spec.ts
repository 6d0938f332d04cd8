import { firstAdmin, newPerson } from "../test/people";
import { until } from "../test/until";
import { expect, test } from "./dashboard";
import { as, violations } from "./looking";

test.use({ accounts: true });

const PARAMETERS = {
  type: "object",
  properties: {
    shop: { type: "string", title: "Which shop" },
    key: { type: "string", format: "password", writeOnly: true },
  },
  required: ["shop"],
};

test("An admin adds a schedule through the form, sees what it will do and what it did, pauses, changes and deletes it", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const { origin, api } = server;
  const admin = await firstAdmin(server);
  const vera = await newPerson(server, admin, { name: "vera", role: "viewer" });
  await api("POST", "/api/v1/jobs", {
    id: "shop",
    title: "The shop",
    argv: ["true"],
    parameters: PARAMETERS,
  });
  const schedules = async () => (await api("GET", "/api/v1/jobs/shop/schedules")).body.items;

  await as(page, origin, admin);
  await page.goto(`${origin}/jobs/shop`);
  const panel = page.getByRole("region", { name: "Schedules" });
  await expect(panel).toContainText("No schedule");
  await panel.getByRole("button", { name: "Add schedule…" }).click();
  const dialog = page.getByRole("alertdialog");
  const expression = dialog.getByLabel("Cron expression");
  const preview = dialog.getByRole("region", { name: "Next times" });
  await expect(dialog.getByLabel("Time zone")).not.toHaveValue("");

  // Nonsense is explained at its field, and closes nothing.
  await dialog.getByRole("button", { name: "Add schedule" }).click();
  await expect(dialog.getByText("Required.").first()).toBeVisible();
  await expect(expression).toBeFocused();
  await expression.fill("61 * * * *");
  await expect(dialog.getByText('"61" is not a valid minute (0 to 59).')).toBeVisible();
  await expect(expression).toHaveAttribute("aria-invalid", "true");
  await expect(preview).toContainText("cannot be read");
  await dialog.getByLabel("Time zone").fill("Mars/Base");
  await expect(dialog.getByText("found “Mars/Base”")).toBeVisible();
  await dialog.getByRole("button", { name: "Add schedule" }).click();
  await page.keyboard.press("Escape");
  await expect(dialog.getByText("You have unsaved changes")).toBeVisible();
  await expect(expression).toHaveValue("61 * * * *");
  expect(await violations(page)).toEqual([]);
  expect(await schedules()).toEqual([]);

  // A night in which clocks go forward, as the engine sees it.
  await dialog.getByLabel("Time zone").fill("Europe/Vienna");
  await expression.fill("30 2 * * *");
  await dialog.getByLabel("Starts", { exact: false }).first().fill("2027-03-27T12:00");
  await expect(preview.getByRole("listitem")).toHaveCount(10);
  await expect(preview).toContainText("Every day at 02:30");
  await expect(preview.getByRole("listitem").first()).toContainText("Sun 2027-03-28 03:00");
  await expect(preview.getByRole("listitem").first()).toContainText(
    "moved: clocks go forward from 02:00 to 03:00",
  );
  await dialog.getByLabel("Starts", { exact: false }).first().fill("");

  await dialog.getByRole("button", { name: "Weekdays" }).click();
  await expect(expression).toHaveValue("0 3 * * 1-5");
  await expect(preview).toContainText("Monday to Friday at 03:00");

  // Its parameters are asked for too, but for the password.
  await expression.fill("* * * * * *");
  await expect(preview).toContainText("Every second");
  await dialog.getByRole("button", { name: "Add schedule" }).click();
  await expect(dialog.getByLabel("Which shop")).toBeFocused();
  await expect(dialog).toContainText("A schedule keeps no passwords, so it cannot give key");
  await dialog.getByLabel("Which shop").fill("north");
  await dialog.getByRole("textbox", { name: "Title" }).fill("Often");
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Add schedule" }).click();
  await expect(dialog).toHaveCount(0);
  expect(await schedules()).toMatchObject([
    {
      when: { by: "cron", expression: "* * * * * *" },
      timezone: "Europe/Vienna",
      parameters: { shop: "north" },
      title: "Often",
    },
  ]);

  // It starts the job, and the run says by what.
  await expect(panel).toContainText("Every second · Europe/Vienna");
  await expect(panel.getByRole("link", { name: /^Run run_/ })).toBeVisible({ timeout: 20_000 });
  await expect(
    page.getByRole("table", { name: "Newest runs of this job" }).getByRole("row").nth(1),
  ).toBeVisible();
  await panel.getByRole("button", { name: "Pause: Often" }).click();
  await expect(panel).toContainText("none while it is paused");
  await panel.getByRole("link", { name: /^Run run_/ }).click();
  await expect(page.locator("main")).toContainText("By its schedule (schedule:sch_");
  await expect(page.locator("main")).toContainText("shop=north");

  // While it is paused another one ticks, and this one does not.
  const [{ id }] = await schedules();
  const slots = async (one: string) =>
    (await api("GET", `/api/v1/jobs/shop/schedules/${one}/slots`)).body.items;
  const before = await slots(id);
  const when = { by: "cron", expression: "* * * * * *" };
  const other = (
    await api("POST", "/api/v1/jobs/shop/schedules", { when, timezone: "UTC", parameters: { shop: "south" } })
  ).body;
  await until("the other one came twice", async () => (await slots(other.id)).length > 1);
  expect(await slots(id)).toHaveLength(before.length);
  await api("DELETE", `/api/v1/jobs/shop/schedules/${other.id}`);

  // It was changed meanwhile: what the other did is not overwritten.
  await page.goto(`${origin}/jobs/shop`);
  await panel.getByRole("button", { name: "Edit: Often" }).click();
  await expect(expression).toHaveValue("* * * * * *");
  await expect(dialog.getByLabel("Which shop")).toHaveValue("north");
  const { version } = (await schedules())[0];
  await api("PATCH", `/api/v1/jobs/shop/schedules/${id}`, { version, title: "Quite often" });
  await expression.fill("0 3 * * *");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("STALE_VERSION");
  await dialog.getByRole("button", { name: "Reload the schedule" }).click();
  await expect(dialog.getByRole("textbox", { name: "Title" })).toHaveValue("Quite often");
  await dialog.getByLabel("At a fixed interval").check();
  await dialog.getByLabel("Every", { exact: true }).fill("soon");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("found “soon”")).toBeVisible();
  await dialog.getByLabel("Every", { exact: true }).fill("90 min");
  await expect(preview).toContainText("Every 90 minutes");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await panel.getByRole("button", { name: "Resume: Quite often" }).click();
  await expect(panel).toContainText(/in 1 h (29|30) min/);

  // A viewer sees it and changes nothing.
  await as(page, origin, vera);
  await page.goto(`${origin}/jobs/shop`);
  await expect(panel).toContainText("Every 90 minutes");
  await expect(panel.getByRole("button")).toHaveCount(0);

  await as(page, origin, admin);
  await page.goto(`${origin}/jobs/shop`);
  await panel.getByRole("button", { name: "Delete: Quite often" }).click();
  await expect(dialog).toContainText("Runs it has started stay");
  await dialog.getByRole("button", { name: "Delete schedule" }).click();
  await expect(panel).toContainText("No schedule");
  expect(await schedules()).toEqual([]);
});

test("The page of schedules shows what comes in the next 24 hours and all schedules, as far as one may see their jobs", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const { origin, api } = server;
  const admin = await firstAdmin(server);
  const grants = [{ role: "viewer", on: "job:shop" }];
  const gert = await newPerson(server, admin, { name: "gert", grants });
  await as(page, origin, admin);
  await page.goto(`${origin}/schedules`);
  await expect(page.getByText("No schedule", { exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  for (const [id, title] of [
    ["shop", "The shop"],
    ["books", "Books"],
  ])
    await api("POST", "/api/v1/jobs", { id, title, argv: ["true"] });
  const add = async (job: string, expression: string, more: object = {}) =>
    (
      await api("POST", `/api/v1/jobs/${job}/schedules`, {
        when: { by: "cron", expression },
        timezone: "Asia/Tokyo",
        ...more,
      })
    ).body;
  await add("shop", "0 */6 * * *");
  await add("books", "*/5 * * * *", { title: "Often" });
  await add("books", "0 3 * * 1", { enabled: false });

  // By the navigation.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Jobs" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Schedules" }).click();
  const panel = page.getByRole("region", { name: "Next 24 hours" });
  await expect(panel.locator("[data-timeline] [data-piece=mark]")).toHaveCount(4);
  await expect(panel.locator("[data-timeline] [data-piece=band]")).toHaveCount(1);
  await panel.getByText("As a table").click();
  const read = panel.getByRole("table", { name: "Times of the next 24 hours, by job" });
  await expect(read.getByRole("row", { name: /The shop/ })).toContainText(
    /Every 6 hours.*\d\d:\d\d; \d\d:\d\d; \d\d:\d\d; \d\d:\d\d/,
  );
  await expect(read.getByRole("row", { name: /Books/ })).toContainText(/\d\d:\d\d to \d\d:\d\d, many times/);

  const table = page.getByRole("table", { name: "Schedules by their next time" });
  await expect(table.getByRole("row")).toHaveCount(4);
  await expect(table.getByRole("row", { name: /Often/ })).toContainText("Every 5 minutes · Asia/Tokyo");
  await expect(table.getByRole("row").last()).toContainText("paused");
  expect(await violations(page)).toEqual([]);
  await table.getByRole("link", { name: "The shop" }).click();
  await expect(page).toHaveURL(/\/jobs\/shop$/);

  await as(page, origin, gert);
  await page.goto(`${origin}/schedules`);
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(page.locator("main")).not.toContainText("Books");
});
