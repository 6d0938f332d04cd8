import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { until } from "../test/until";
import { expect, test } from "./dashboard";

/** Goes on from its file when there is one; it runs until it is ended. */
const KEEPS = `[ -e state.json ] && echo "going on from $(cat state.json)"; echo '{"page":18}' >state.json; exec sleep 3600`;

test("FR-F17 After a deployment an operator resumes an interrupted run in the folder it worked in", async ({
  page,
  dashboard,
}) => {
  const { server } = dashboard;
  const root = join(server.dataDir, "shop");
  const current = join(root, "current");
  const flip = (to: string) => {
    mkdirSync(join(root, "releases", to), { recursive: true });
    symlinkSync(`releases/${to}`, `${current}.new`);
    renameSync(`${current}.new`, current);
  };
  flip("1");
  const argv = ["/bin/sh", "-c", KEEPS];
  const job = { id: "shop", title: "Shop", argv, cwd: current, checkpoint: "state.json" };
  expect((await server.api("POST", "/api/v1/jobs", job)).status).toBe(201);
  const { run } = (await server.api("POST", "/api/v1/jobs/shop/start")).body;
  const read = async () => (await server.api("GET", `/api/v1/runs/${run.id}`)).body;
  await until("it has written its checkpoint", () => existsSync(join(root, "releases/1/state.json")));
  await until("it runs", async () => (await read()).state === "running");
  flip("2");
  process.kill((await read()).pid, "SIGKILL");
  await until("it is known to be over", async () => (await read()).state === "interrupted");

  await page.goto(`${server.origin}/jobs/shop`);
  await expect(page.locator("main")).toContainText("It can be resumed in the old folder");
  await page.goto(`${server.origin}/stuck`);
  const row = page.locator(`[data-row="${run.id}"]`);
  await expect(row).toContainText(join(root, "releases/1"));
  await row.getByRole("button", { name: "Resume Shop in the old folder" }).click();
  await page.getByRole("link", { name: /^run_/ }).click();
  await expect(page.locator("main")).toContainText(`started in ${join(root, "releases/1")}`);
  await expect(page.getByText('going on from {"page":18}', { exact: true })).toBeVisible();
  expect(existsSync(join(root, "releases/2/state.json"))).toBe(false);
  expect(readFileSync(join(root, "releases/1/state.json"), "utf8")).toContain("18");
});
