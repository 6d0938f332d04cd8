import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./dashboard";

/** Reports the first page, then the second once the file `go` is there. */
const TWO_PAGES = `
echo '::unstuck progress extracted=120 total=2000 message="page 1 of the shop"'
until [ -e go ]; do sleep 0.1; done
echo '::unstuck progress extracted=1500 skipped=3 message="page 2 of the shop"'
exec sleep 600
`;

test("A run that reports progress shows it as it happens, in its lists too, and draws what it uses of the machine", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  await server.api("POST", "/api/v1/jobs", {
    id: "shop",
    title: "The shop",
    argv: ["/bin/sh", "-c", TWO_PAGES],
    cwd: server.dataDir,
  });
  const { id } = (await server.api("POST", "/api/v1/jobs/shop/start")).body.run;
  await page.goto(`${server.origin}/runs/${id}`);
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  const progress = page.getByRole("region", { name: "Progress" });
  const bar = progress.getByRole("progressbar", { name: "Progress" });
  await expect(progress).toContainText("page 1 of the shop");
  await expect(bar).toHaveAttribute("aria-valuenow", "6");

  writeFileSync(join(server.dataDir, "go"), "");
  await expect(progress).toContainText("1,500 extracted");
  await expect(progress).toContainText("3 skipped");
  await expect(progress).toContainText("page 2 of the shop");
  await expect(bar).toHaveAttribute("aria-valuenow", "75");
  await expect(page.getByRole("region", { name: "Evidence" })).toContainText("it reported progress");

  // Its chart can be read without a pointer.
  const memory = page.getByRole("slider", { name: "Memory, moment" });
  await expect(memory).toBeVisible();
  await memory.focus();
  await page.keyboard.press("Home");
  await expect(memory).toHaveAttribute("aria-valuenow", "0");
  await expect(memory).toHaveAttribute("aria-valuetext", /: [\d.]+ [kM]B$/);
  expect(loads).toBe(0);

  await page.goto(server.origin);
  await expect(page.getByRole("table", { name: "Active runs" })).toContainText(
    "1,500 of 2,000 · page 2 of the shop",
  );
});
