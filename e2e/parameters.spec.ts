import { firstAdmin, newPerson } from "../test/people";
import { kill } from "../test/processes";
import { until } from "../test/until";
import { expect, test } from "./dashboard";
import { as, violations } from "./looking";

test.use({ accounts: true });

const SAYS =
  'echo page 7 >state; echo "$1 $2 $3"; test -n "$UNSTUCK_PARAM_API_KEY" && echo has a key; exit 1';
const KEY = "zq7-typed-in-a-page";

test("An admin declares parameters in the form, an operator starts the job from the form they make, and the run shows the values", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const { origin, api } = server;
  const admin = await firstAdmin(server);
  const ben = await newPerson(server, admin, { name: "ben", role: "operator" });
  await api("POST", "/api/v1/jobs", {
    id: "shop",
    argv: ["sh", "-c", SAYS, "sh"],
    cwd: server.dataDir,
    checkpoint: "state",
  });

  await as(page, origin, admin);
  await page.goto(`${origin}/jobs/shop/edit`);
  await page.getByRole("button", { name: "Parameters" }).click();
  const declare = async (at: number, name: string, kind: string) => {
    await page.getByRole("button", { name: "Add parameter" }).click();
    await page.getByLabel(`Name of parameter ${at}`).fill(name);
    await page.getByLabel(`Type of ${name}`).selectOption(kind);
  };
  await declare(1, "Shop", "Text");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Shop: expected a name" })).toBeVisible();
  await page.getByLabel("Name of Shop").fill("shop");
  await expect(page.getByText("expected a name")).toHaveCount(0);
  await page.getByLabel("Title of shop").fill("Which shop");
  await page.getByRole("checkbox", { name: /Required.*shop/ }).check();
  await declare(2, "pages", "Whole number");
  await page.getByLabel("Default of pages").fill("3");
  await page.getByText("Description and limits of pages").click();
  await page.getByLabel("Maximum of pages").fill("9");
  await page.getByLabel("Description of pages").fill("How many pages of it.");
  await declare(3, "fast", "Yes or no");
  await declare(4, "region", "One of several options");
  await page.getByLabel("Options of region").fill("north\nsouth");
  await declare(5, "since", "Date");
  await declare(6, "apiKey", "Password");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Move apiKey up" }).click();
  await page.getByRole("button", { name: "Remove since" }).click();
  const command = page.getByLabel("Command", { exact: true });
  await command.fill(`${await command.inputValue()} shop={{shop}} {{colour}} {{fast?--fast}}`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("{{colour}} is no parameter of this job")).toBeVisible();
  await command.fill((await command.inputValue()).replace("{{colour}}", "{{pages}}"));
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  const { parameters } = (await api("GET", "/api/v1/jobs/shop")).body;
  expect(Object.keys(parameters.properties)).toEqual(["shop", "pages", "fast", "region", "apiKey"]);
  expect(parameters).toMatchObject({
    properties: {
      shop: { type: "string", title: "Which shop" },
      pages: { type: "integer", description: "How many pages of it.", default: 3, maximum: 9 },
      region: { enum: ["north", "south"] },
      apiKey: { format: "password", writeOnly: true },
    },
    required: ["shop"],
  });
  await expect(page.getByRole("list", { name: "Parameters" })).toContainText("shop text, required");
  // What was not touched is not lost by the next change.
  await page.goto(`${origin}/jobs/shop/edit`);
  await page.getByPlaceholder("Shop, every night").fill("The shop");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/jobs\/shop$/);
  expect((await api("GET", "/api/v1/jobs/shop")).body).toMatchObject({ title: "The shop", parameters });

  await as(page, origin, ben);
  await page.goto(`${origin}/jobs`);
  await page.getByRole("button", { name: "Start The shop" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByLabel("pages")).toHaveValue("3");
  await dialog.getByLabel("pages").fill("50");
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await expect(dialog.getByText("Required.")).toBeVisible();
  await expect(dialog.getByLabel("Which shop")).toBeFocused();
  await expect(dialog.getByText("Expected at most 9, found 50.")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  // By keyboard: the first field, and Enter.
  await dialog.getByLabel("pages").fill("7");
  await dialog.getByLabel("fast").check();
  await dialog.getByLabel("region").selectOption("south");
  await dialog.getByLabel("apiKey").fill(KEY);
  await dialog.getByLabel("Which shop").fill("a b");
  await dialog.getByLabel("Which shop").press("Enter");
  await expect(dialog).toHaveCount(0);
  const first = await until("it is over", async () => {
    const { run } = (await api("GET", "/api/v1/jobs/shop/status")).body;
    return run?.state === "failed" ? run : null;
  });
  await page.goto(`${origin}/runs/${first.id}`);
  const given = page.getByRole("list", { name: "Parameters" });
  await expect(given).toContainText("shop=a b");
  await expect(given).toContainText("apiKey=secret");
  expect(String((await api("GET", `/api/v1/runs/${first.id}/log`)).body)).toBe(
    "shop=a b 7 --fast\nhas a key\n",
  );

  // To resume asks for nothing; to start over is filled in with all of it but the secret.
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(dialog.getByLabel("Which shop")).toHaveValue("a b");
  await expect(dialog.getByLabel("region")).toHaveValue("south");
  await expect(dialog.getByLabel("apiKey")).toHaveValue("");
  await dialog.getByLabel("Which shop").fill("other");
  await dialog.getByRole("button", { name: "Start over" }).click();
  await expect(page).not.toHaveURL(new RegExp(first.id));
  await expect(given).toContainText("shop=otherchanged");
  await expect(given).toContainText("apiKey no longer given");
  await expect(page.locator("main")).toContainText(`changed from ${first.id}`);
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  const second = page.url();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page).not.toHaveURL(second);
  await expect(given).toContainText("shop=other");
  await expect(page.locator("main")).not.toContainText(KEY);
});

test("An operator starts a dead run over from the list of what is stuck, and is asked for its parameters there", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const { origin, api } = server;
  const admin = await firstAdmin(server);
  await api("POST", "/api/v1/jobs", {
    id: "shop",
    argv: ["sleep", "600"],
    parameters: { type: "object", properties: { shop: { type: "string" } }, required: ["shop"] },
  });
  const newest = async () => (await api("GET", "/api/v1/jobs/shop/status")).body.run;
  await api("POST", "/api/v1/jobs/shop/start", { parameters: { shop: "north" } });
  const { pid } = await until("it runs", async () => {
    const run = await newest();
    return run.state === "running" && run.pid !== null ? run : null;
  });
  kill(pid, "SIGKILL");
  const { id } = await until("it is over", async () => {
    const run = await newest();
    return run.state === "interrupted" ? run : null;
  });
  await as(page, origin, admin);
  await page.goto(`${origin}/stuck?age=0`);
  await page.getByRole("button", { name: "Start over shop" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByLabel("shop")).toHaveValue("north");
  await dialog.getByLabel("shop").fill("south");
  await dialog.getByRole("button", { name: "Start over" }).click();
  const next = await until("another run", async () => {
    const run = await newest();
    return run.id === id ? null : run;
  });
  expect(next).toMatchObject({
    parameters: { shop: "south" },
    parametersBefore: { run: id, changed: ["shop"] },
  });
  await expect(page.locator("main")).toContainText("starts over");
});
