import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { everyAddress } from "../test/addresses";
import { operator } from "../test/operator";
import { cleanUp, startServer } from "../test/server";
import { expect, test } from "./dashboard";

const IN_FILE = "zq7-from-a-file-1207";
const IN_ENVIRONMENT = "zq7-from-outside-8842";
/** In capitals, so that the values themselves are looked for everywhere, the log included. */
const SAYS = `/bin/sh -c 'echo "has $API_TOKEN and $DB_URL." | tr a-z A-Z'`;

test.afterEach(cleanUp);

test("FR-F5 A person has variables read from elsewhere, sees where, starts the job, and the values are shown by nothing but the program", async ({
  page,
}) => {
  const server = await startServer({ env: { UNSTUCK_AUTH: "off", SHOP_DB_URL: IN_ENVIRONMENT } });
  const { origin } = server;
  const op = operator(server);
  const file = join(server.dataDir, "token");
  writeFileSync(file, `${IN_FILE}\n`, { mode: 0o600 });
  const shown: string[] = [];
  page.on("response", async (response) => {
    if (response.url().startsWith(origin)) shown.push(await response.text().catch(() => ""));
  });

  await page.goto(`${origin}/jobs/new`);
  await page.getByLabel("Id", { exact: true }).fill("vault");
  await page.getByLabel("Command", { exact: true }).fill(SAYS);
  const field = page.getByLabel("Read from elsewhere at each start");

  // What is wrong is said at the field, and nothing is made.
  for (const [wrong, said] of [
    ["API_TOKEN", "Expected NAME=file:/path or NAME=env:NAME, found “API_TOKEN”."],
    [`API_TOKEN=file:${file}\nAPI_TOKEN=env:X`, "API_TOKEN is there twice."],
    ["API_TOKEN=file:token", "API_TOKEN: "],
    ["API_TOKEN=env:UNSTUCK_SECRET_KEY_FILE", "API_TOKEN: "],
    ["LANG-1=env:X", "LANG-1"],
  ] as const) {
    await field.fill(wrong);
    await create(page);
    await expect(field, wrong).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(said.replaceAll(/[.$]/g, "\\$&")));
  }
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 1").fill("DB_URL");
  await field.fill(`API_TOKEN=file:${file}\nDB_URL=env:SHOP_DB_URL`);
  await create(page);
  await expect(field).toHaveAccessibleDescription(/DB_URL: it is in env, too/);
  expect((await server.api("GET", "/api/v1/jobs")).body.items).toEqual([]);

  await page.getByRole("button", { name: "Remove DB_URL" }).click();
  await create(page);
  await page.waitForURL(`${origin}/jobs/vault`);
  const main = page.locator("main");
  await expect(main).toContainText(`API_TOKEN (file:${file})`);
  await expect(main).toContainText("DB_URL (env:SHOP_DB_URL)");
  await page.getByRole("button", { name: "Start", exact: true }).first().click();
  await expect(page.getByRole("log")).toContainText(`HAS ${IN_FILE} AND ${IN_ENVIRONMENT}.`.toUpperCase());
  await page.goto(`${origin}/jobs/vault`);
  await page.getByRole("button", { name: "Show what a run gets" }).click();
  await expect(main).toContainText("DB_URL");

  // The form shows where they lie, not what lies there.
  await page.goto(`${origin}/jobs/vault/edit`);
  await expect(field).toHaveValue(`API_TOKEN=file:${file}\nDB_URL=env:SHOP_DB_URL`);
  const { body: runs } = await server.api("GET", "/api/v1/runs?job=vault");
  await page.goto(`${origin}/runs/${runs.items[0].id}`);
  await expect(page.getByRole("log")).toContainText("HAS ZQ7");
  for (const { pattern, methods } of everyAddress()) {
    if (!methods.includes("GET")) continue;
    const path = pattern.replace("[job]", "vault").replace("[run]", runs.items[0].id);
    shown.push(JSON.stringify((await server.api("GET", path)).body));
  }
  expect(shown.length).toBeGreaterThan(60);
  expect(shown.join("\n")).toContain(IN_FILE.toUpperCase());
  expect(shown.filter((text) => text.includes(IN_FILE) || text.includes(IN_ENVIRONMENT))).toEqual([]);

  // What is not there any more is the reason why the next run fails, and it says where it was looked for.
  rmSync(file);
  await page.goto(`${origin}/jobs/vault`);
  await page
    .getByRole("button", { name: /^Start/ })
    .first()
    .click();
  await expect(main).toContainText("Failed");
  await expect(main).toContainText(file);
  await op.endAll();
});

async function create(page: Page): Promise<void> {
  await page.getByRole("button", { name: /create|save/i }).click();
}
