import { expect, test } from "./dashboard";

test("UX-A8 While the server is gone the page says how old it is, stands still, stays where it is, and recovers by itself", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const job = { id: "long", title: "Long", argv: ["/bin/sh", "-c", "exec sleep 3600"] };
  expect((await server.api("POST", "/api/v1/jobs", job)).status).toBe(201);
  const { run } = (await server.api("POST", "/api/v1/jobs/long/start")).body;
  await page.goto(`${server.origin}/runs/${run.id}`);
  const state = page.locator("main [data-state]").first();
  await expect(state).toHaveAttribute("data-state", "running");
  const strip = page.locator("[data-offline-strip]");
  await expect(strip).toHaveCount(0);

  await server.kill();
  await expect(strip).toContainText("The dashboard’s server does not answer.");
  const { width } = (await strip.boundingBox()) ?? { width: 0 };
  expect(width).toBe(page.viewportSize()?.width);
  const lasted = page.getByText(/^running for /).first();
  const age = async () => Number(/Data from (\d+) s ago/.exec((await strip.textContent()) ?? "")?.[1] ?? -1);
  // Durations go back to the last answer a moment after the strip is there.
  const noticed = await age();
  await expect.poll(age).toBeGreaterThan(noticed);
  const told = await lasted.textContent();
  const before = await age();
  await expect.poll(age).toBeGreaterThan(before + 1);
  expect(await lasted.textContent()).toBe(told);
  expect(Number(await state.evaluate((element) => getComputedStyle(element).opacity))).toBeLessThan(1);

  // A click would end on the browser's own error page.
  const address = page.url();
  await page.getByRole("navigation", { name: "Main" }).first().getByRole("link", { name: "Jobs" }).click();
  await expect(strip).toContainText("this one stays");
  expect(page.url()).toBe(address);
  await strip.getByRole("button", { name: "Try now" }).click();
  await expect(strip).toBeVisible();

  await dashboard.restart();
  await expect(strip).toHaveCount(0);
  await expect(state).toHaveAttribute("data-state", "running");
  await expect(lasted).not.toHaveText(told ?? "");
});
