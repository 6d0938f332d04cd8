import type { Page } from "@playwright/test";
import { serverAt } from "../test/at-provider";
import { setUpCode } from "../test/people";
import { realProvider } from "../test/real-provider";
import { cleanUp } from "../test/server";
import { expect, test } from "./dashboard";

const PASSWORD = "correct horse battery";

test.afterEach(cleanUp);

test("A person signs in at a provider, reads what went wrong there, and links it to an account that has a password", async ({
  page,
}) => {
  const provider = await realProvider("ID token");
  const server = await serverAt(provider.issuer, { UNSTUCK_OIDC_NAME: "Example" });
  provider.serve(server.origin);
  const { origin } = server;
  const button = page.getByRole("link", { name: "Sign in with Example" });

  // Before there is an admin, only one of those may come this way.
  await page.goto(`${origin}/set-up`);
  provider.next = { sub: "u-1", name: "grace", groups: ["dev"] };
  await button.click();
  await expect(page).toHaveURL(`${origin}/set-up?problem=NO_ADMIN_YET`);
  await expect(page.locator("main")).toContainText("There is no admin yet");
  // The provider knows by a cookie who was there last.
  await page.context().clearCookies();
  await page.goto(`${origin}/set-up#${setUpCode(server)}`);
  await page.getByLabel("Your name").fill("ada");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await page.waitForURL(`${origin}/`);

  // Linked with the password once more, and from then on another way in.
  await page.goto(`${origin}/account`);
  provider.next = { sub: "u-2", name: "ada.lovelace", groups: ["ops-admins"] };
  await page.getByRole("button", { name: "Link…" }).click();
  await expect(page.getByLabel("Your password")).toBeFocused();
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("region", { name: "Sign-in provider" })).toContainText("Linked to you at");
  await signOut(page, "ada, Admin", origin);
  await page.goto(`${origin}/sign-in?next=%2Flocks`);
  await button.click();
  await expect(page).toHaveURL(`${origin}/locks`);
  await expect(page.getByRole("button", { name: "ada, Admin: account menu" })).toBeVisible();
  // The session is the provider's too, so signing out leads there and back.
  await signOutAtProvider(page, "ada, Admin", origin);
  await page.context().clearCookies();

  // Cancelled there, and told so here, with the place to go to kept.
  provider.next = null;
  await page.goto(`${origin}/sign-in?next=%2Flocks`);
  await button.click();
  await expect(page).toHaveURL(`${origin}/sign-in?problem=OIDC_DENIED&next=%2Flocks`);
  await expect(page.locator("main").getByRole("alert")).toContainText("cancelled or refused at the provider");

  // A person the dashboard has not seen before becomes a user with the role of their groups, without a password.
  provider.next = { sub: "u-1", name: "grace", groups: ["dev"] };
  await button.click();
  await expect(page).toHaveURL(`${origin}/locks`);
  await page.goto(`${origin}/account`);
  await expect(page.getByRole("region", { name: "Password" })).toContainText("You have none here");
  await expect(page.getByRole("region", { name: "Second factor" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Unlink…" })).toHaveCount(0);
  await provider.close();
});

test("A person signs out here and at the provider, and has to say there who they are to come in again", async ({
  page,
}) => {
  const provider = await realProvider("ID token");
  const server = await serverAt(provider.issuer, { UNSTUCK_OIDC_NAME: "Example" });
  provider.serve(server.origin);
  const { origin } = server;
  provider.next = { sub: "u-1", name: "grace", groups: ["ops-admins"] };
  await page.goto(`${origin}/set-up`);
  await page.getByRole("link", { name: "Sign in with Example" }).click();
  await page.waitForURL(`${origin}/`);
  expect(provider.askedCount).toBe(1);
  await signOutAtProvider(page, "grace, Admin", origin);
  const notice = page.locator("main").getByRole("status");
  await expect(notice).toContainText("You are signed out");
  await expect(notice).toContainText("Example was asked to sign you out there too");
  await page.goto(`${origin}/jobs`);
  await expect(page).toHaveURL(`${origin}/sign-in?next=%2Fjobs`);
  await page.getByRole("link", { name: "Sign in with Example" }).click();
  await expect(page).toHaveURL(`${origin}/jobs`);
  expect(provider.askedCount).toBe(2);

  // The provider does not answer any more: the session here ends all the same.
  await provider.close();
  await page.getByRole("button", { name: "grace, Admin: account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(`${origin}/sign-in?signedOut=unknown`);
  await expect(notice).toContainText("you may still be signed in there");
  await page.goto(`${origin}/jobs`);
  await expect(page).toHaveURL(`${origin}/sign-in?next=%2Fjobs`);
});

async function signOut(page: Page, who: string, origin: string): Promise<void> {
  await page.getByRole("button", { name: `${who}: account menu` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(`${origin}/sign-in`);
}

async function signOutAtProvider(page: Page, who: string, origin: string): Promise<void> {
  await page.getByRole("button", { name: `${who}: account menu` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.waitForURL(`${origin}/sign-in?signedOut=sign-out`);
}
