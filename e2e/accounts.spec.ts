import type { Browser, Page } from "@playwright/test";
import { codeOf } from "@/lib/auth/totp";
import { expect, test } from "./dashboard";

const ADMIN = { name: "ada", password: "correct horse battery" };
const CHOSEN = "a password of my own";
const STEP_MS = 30_000;

test.use({ accounts: true });

test("The first visitor becomes the admin and makes an operator, who chooses a password, does what the role allows, and adds a second factor", async ({
  page,
  dashboard,
  browser,
}) => {
  const { server } = dashboard;
  const { origin } = server;

  // Until there is an admin, every page leads to where one is made, and the link of the start has the code for it.
  await page.goto(`${origin}/jobs`);
  await expect(page).toHaveURL(`${origin}/set-up`);
  await expect(page.getByLabel("One-time code")).toBeVisible();
  const link = /http:\S+\/set-up#[\w-]{43}/.exec(server.output())?.[0] ?? "";
  expect(link).not.toBe("");
  await page.goto(`${origin}/set-up${new URL(link).hash}`);
  await expect(page.getByLabel("One-time code")).toHaveCount(0);
  await expect.poll(() => page.url(), "the code leaves the address bar").toBe(`${origin}/set-up`);
  await page.getByLabel("Your name").fill(ADMIN.name);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Your name").focus();
  await expect(page.getByText("Expected at least 10 characters, found 5.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await page.waitForURL(`${origin}/`);
  const nav = page.getByRole("navigation", { name: "Main" }).first();
  await expect(nav.getByRole("link", { name: "Users" })).toBeVisible();
  await page.goto(`${origin}/set-up`);
  await expect(page.getByRole("heading", { name: "Unstuck is set up already" })).toBeVisible();

  // A job, and an operator whose password the server makes up.
  await server.api("POST", "/api/v1/jobs", { id: "nightly", argv: ["/bin/sleep", "600"] });
  await page.goto(`${origin}/users`);
  await page.getByRole("button", { name: "New user…" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Name").fill("grace");
  await dialog.getByText("Operator", { exact: true }).click();
  await dialog.getByRole("button", { name: "Create user" }).click();
  const given = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.goto(`${origin}/jobs/nightly`);
  await expect(page.getByRole("button", { name: "Delete job" })).toBeVisible();

  const hers = await newVisitor(browser);
  const refusals: string[] = [];
  hers.on("response", (response) => {
    if (response.status() === 403) refusals.push(`${response.request().method()} ${response.url()}`);
  });

  // Asked for a page, sent to sign in, and back.
  await open(hers, `${origin}/jobs/nightly`);
  await expect(hers).toHaveURL(`${origin}/sign-in?next=%2Fjobs%2Fnightly`);
  await signIn(hers, "grace", "not her password");
  await expect(hers.locator("main").getByRole("alert")).toContainText("Name or password is wrong");
  await expect(hers.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await signIn(hers, "grace", given);

  // A password that another person knows has to be changed before anything else.
  await hers.waitForURL(`${origin}/account`);
  await expect(hers.getByText("Choose your own password first")).toBeVisible();
  await expect(hers.getByRole("navigation")).toHaveCount(0);
  await takenOver(hers);
  await hers.getByLabel("Current password").fill("not her password");
  await hers.getByLabel("New password").fill(CHOSEN);
  await hers.getByRole("button", { name: "Change password" }).click();
  await expect(hers.getByText("This is not your password.")).toBeVisible();
  expect(refusals.splice(0)).toEqual([`PUT ${origin}/api/v1/account/password`]);
  await hers.getByLabel("Current password").fill(given);
  await hers.getByRole("button", { name: "Change password" }).click();
  const herNav = hers.getByRole("navigation", { name: "Main" }).first();
  await expect(herNav.getByRole("link", { name: "Locks" })).toBeVisible();

  // What the role allows is there, and what it does not is not.
  await expect(herNav.getByRole("link", { name: "Users" })).toHaveCount(0);
  await open(hers, `${origin}/jobs`);
  await expect(hers.getByRole("link", { name: "New job" })).toHaveCount(0);
  await open(hers, `${origin}/jobs/nightly`);
  await expect(hers.getByRole("button", { name: "Delete job" })).toHaveCount(0);
  await expect(hers.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await hers.getByRole("button", { name: "Start", exact: true }).first().click();
  await hers.waitForURL(/\/runs\/run_/);
  await expect(hers.locator("main [data-state]").first()).toHaveAttribute("data-state", "running");
  await hers.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(hers.getByRole("alertdialog").getByRole("checkbox", { name: "Force" })).toHaveCount(0);
  await hers.getByRole("alertdialog").getByRole("button", { name: "Stop", exact: true }).click();
  await expect(hers.locator("main [data-state]").first()).toHaveAttribute("data-state", "stopped");
  await expect(hers.locator("main")).toContainText("grace");
  await open(hers, `${origin}/users`);
  await expect(hers).toHaveURL(`${origin}/not-allowed?page=%2Fusers`);
  await expect(hers.locator("main")).toContainText("Operator");
  await hers.getByRole("link", { name: "Go to the overview" }).click();
  await hers.waitForURL(`${origin}/`);
  expect(refusals, "no page asks for what its reader may not see").toEqual([]);

  // The second factor: its secret goes into the app, whose first code turns it on.
  await open(hers, `${origin}/account`);
  await hers.getByRole("button", { name: "Set up…" }).click();
  await hers.getByLabel("Your password").fill(CHOSEN);
  await hers.getByRole("button", { name: "Continue" }).click();
  await expect(hers.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  const key = (await hers.getByRole("listitem").locator("code").first().textContent()) ?? "";
  const secret = key.replaceAll(/\s/g, "");
  const step = Math.floor(Date.now() / STEP_MS);
  await hers.getByLabel("Type the code that the app shows").fill(codeOf(secret, step));
  await hers.getByRole("button", { name: "Turn on" }).click();
  const codes = hers.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const [recovery = ""] = await codes.allTextContents();
  await hers.getByRole("button", { name: "I have kept them" }).click();
  await expect(hers.locator("main")).toContainText("10 recovery codes are left.");

  await signOut(hers, origin);
  await signIn(hers, "grace", CHOSEN);
  await expect(hers.getByLabel("Code", { exact: true })).toBeFocused();
  await hers.getByLabel("Code", { exact: true }).fill("000000");
  await hers.getByRole("button", { name: "Sign in" }).click();
  await expect(hers.locator("main").getByRole("alert")).toContainText("The code is wrong or was used before");
  await hers.getByLabel("Code", { exact: true }).fill(codeOf(secret, step + 1));
  await hers.getByRole("button", { name: "Sign in" }).click();
  await hers.waitForURL(`${origin}/`);

  // Without the phone, by a code that was kept.
  await signOut(hers, origin);
  await signIn(hers, "grace", CHOSEN);
  await hers.getByRole("button", { name: "Use a recovery code" }).click();
  await hers.getByLabel("Recovery code").fill(recovery);
  await hers.getByRole("button", { name: "Sign in" }).click();
  await hers.waitForURL(`${origin}/`);
  await open(hers, `${origin}/account`);
  await expect(hers.locator("main")).toContainText("9 recovery codes are left.");

  // Her session ends elsewhere: the open page notices by itself, and comes back to where it was.
  const users: { id: string; name: string }[] = (await server.api("GET", "/api/v1/users")).body.items;
  const grace = users.find(({ name }) => name === "grace");
  await server.api("DELETE", `/api/v1/users/${grace?.id}/sessions`);
  await hers.waitForURL(`${origin}/sign-in?next=%2Faccount`);
  await hers.context().close();
});

/** Another person at another browser. */
async function newVisitor(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return context.newPage();
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await takenOver(page);
}

/** What is typed or clicked before React has taken the page over is lost. */
async function takenOver(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll("main button, main input")].every((control) =>
      Object.keys(control).some((name) => name.startsWith("__reactProps$")),
    ),
  );
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await takenOver(page);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signOut(page: Page, origin: string): Promise<void> {
  await page.getByRole("button", { name: "grace, Operator: account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(`${origin}/sign-in`);
}
