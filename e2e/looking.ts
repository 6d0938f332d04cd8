import type { Page } from "@playwright/test";
import axe from "axe-core";
import type { Person } from "../test/people";

/** The page is that person's from its next load on. */
export async function as(page: Page, origin: string, person: Person): Promise<void> {
  const [name = "", value = ""] = person.cookie().split("=");
  await page.context().clearCookies();
  await page.context().addCookies([{ name, value, url: origin }]);
}

/** What axe finds wrong on the page as it is now. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
  );
  return found as string[];
}
