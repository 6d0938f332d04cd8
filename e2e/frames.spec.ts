import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "@playwright/test";
import { expect, policyViolations, test } from "./dashboard";

/** A page of another origin, with that inside it. */
async function withForeignPage(
  browser: Browser,
  inside: string,
  look: (page: Page, open: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><title>Win a prize</title><h1>Press here</h1>${inside}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  try {
    await look(page, () => page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}

async function textsInside(page: Page): Promise<string> {
  const inner = page.frames().filter((frame) => frame !== page.mainFrame());
  const texts = await Promise.all(
    inner.map((frame) =>
      frame
        .locator("body")
        .textContent()
        .catch(() => ""),
    ),
  );
  return texts.join("\n");
}

const WAYS: readonly [string, (url: string) => string][] = [
  ["an iframe", (url) => `<iframe src="${url}" width="900" height="500"></iframe>`],
  ["an object", (url) => `<object data="${url}" type="text/html" width="900" height="500"></object>`],
  ["an embed", (url) => `<embed src="${url}" type="text/html" width="900" height="500">`],
];

test("CR-7.1 A page of another site that shows the dashboard inside itself sees nothing of it, whichever way it tries", async ({
  browser,
  dashboard,
}) => {
  const { origin } = dashboard.server;
  for (const [name, inside] of WAYS) {
    await withForeignPage(browser, inside(`${origin}/jobs`), async (page, open) => {
      const refused = page.waitForResponse((response) => response.url().startsWith(origin));
      await open();
      const answer = await refused;
      expect(answer.status(), name).toBe(403);
      expect(answer.headers()["content-security-policy"], name).toContain("frame-ancestors 'none'");
      await expect(page.locator("h1")).toHaveText("Press here");
      expect(await textsInside(page), name).not.toMatch(/Jobs|Overview|FRAME_REFUSED/);
    });
  }
  await withForeignPage(browser, `<iframe src="${origin}/jobs"></iframe>`, async (page, open) => {
    const found = await policyViolations(page);
    // As an older browser asks: without Sec-Fetch-Dest. What it then gets is the page itself, with its headers.
    await page.route(`${origin}/**`, async (route) => {
      const answer = await fetch(route.request().url());
      const headers = Object.fromEntries(answer.headers);
      await route.fulfill({ status: answer.status, headers, body: await answer.text() });
    });
    await open();
    await expect.poll(() => found.join("\n")).toContain("frame-ancestors");
    expect(await textsInside(page)).not.toMatch(/Jobs|Overview/);
  });
});
