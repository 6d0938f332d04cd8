import { execFile } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstAdmin, type Person, withToken } from "../people";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

const ROOT = join(import.meta.dirname, "../..");

type Example = { readonly at: string; readonly command: string };

/** Every command line of a ```sh block that calls curl, with the lines it goes on in. */
function examples(): Example[] {
  return ["README.md", ...globSync("docs/*.md", { cwd: ROOT })].flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) =>
      block.replaceAll("\\\n", " "),
    );
    return blocks
      .flatMap((block) => block.split("\n"))
      .filter((line) => /^\s*curl\b/.test(line))
      .map((command) => ({ at: file, command: command.trim() }));
  });
}

let server: TestServer;
let admin: Person;
let token = "";
let folder = "";
beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_AUTH: "" } });
  admin = await firstAdmin(server);
  token = (await withToken(server, admin, { name: "docs", role: "admin" })).secret;
  // As they are typed: in the checkout's folder, whose data folder is `data`.
  folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
  symlinkSync(server.dataDir, join(folder, "data"));
  mkdirSync(join(server.dataDir, "work"), { recursive: true });
});
afterAll(async () => {
  await server.api("POST", "/api/v1/stop-all", { graceMs: 0 });
  await until("no run is active", async () => {
    const { body } = await server.api("GET", "/api/v1/runs?state=queued,starting,running,stopping");
    return body.items.length === 0;
  });
  await cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

/** What stands for something of the reader's own. */
function filledIn(command: string): string {
  return command
    .replaceAll("unstuck_…", token)
    .replaceAll("https://unstuck.example.org", server.origin)
    .replaceAll(/\s#.*$/g, "");
}

/** A run's own report needs that run: what is in its environment is told by a run of its own. */
const OF_A_RUN = /\$UNSTUCK_/;

function bash(command: string): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) =>
    execFile("bash", ["-c", `${command} -sS -w '\\n%{http_code}'`], { cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : 1, out: `${out}${err}` }),
    ),
  );
}

async function withoutJob(id: string): Promise<void> {
  await server.api("POST", `/api/v1/jobs/${id}/stop`, { graceMs: 0 });
  await until(`${id} can be deleted`, async () =>
    [204, 404].includes((await server.api("DELETE", `/api/v1/jobs/${id}`)).status),
  );
}

/** What the examples speak of. */
async function prepare(command: string): Promise<void> {
  // Each begins where the reader does: without the job it makes.
  const made = /-X POST \S+\/jobs .*"id":\s*"([^"]+)"/.exec(command)?.[1];
  if (made !== undefined) await withoutJob(made);
  const job = /\/jobs\/([a-z0-9-]+)/.exec(command)?.[1];
  if (job !== undefined && (await server.api("GET", `/api/v1/jobs/${job}`)).status === 404)
    await server.api("POST", "/api/v1/jobs", { id: job, argv: program("exits-with", 0), cwd: folder });
  const lock = /\/locks\/([a-z0-9-]+)\/release/.exec(command)?.[1];
  if (lock === undefined) return;
  const body = { id: `holds-${lock}`, argv: program("forever"), cwd: folder, locks: [lock] };
  await server.api("POST", "/api/v1/jobs", body);
  await server.api("POST", `/api/v1/jobs/holds-${lock}/start`, {});
  await until("it has the lock", async () => {
    const { body: found } = await server.api("GET", "/api/v1/locks?kind=shared");
    return found.items.some(
      ({ name, holder }: { name: string; holder: unknown }) => name === lock && holder !== null,
    );
  });
}

const all = examples();

test("there are examples to try", () => {
  expect(all.length).toBeGreaterThan(5);
});

test.each(all.filter(({ command }) => !OF_A_RUN.test(command)))(
  "$at: $command works as it stands",
  async ({ command }) => {
    await prepare(command);
    const { code, out } = await bash(filledIn(command));
    expect(code, out).toBe(0);
    // A lock whose holder lives is not released without force: that is the example's answer, too.
    if (!out.includes('"LOCK_HELD"')) expect(out.trim().split("\n").at(-1), out).toMatch(/^2\d\d$/);
  },
);
