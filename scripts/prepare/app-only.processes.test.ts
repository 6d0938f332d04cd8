import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { fingerprint } from "./fingerprint.mjs";

const ROOT = join(import.meta.dirname, "../..");

/** A checkout as `npm start` leaves it, without what only tests and checks need, and an npm that brings that or fails. */
let checkout: string;
beforeEach(() => {
  checkout = temporaryFolder();
  for (const name of ["scripts", "bootstrap", "server", "package.json", "package-lock.json"])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  mkdirSync(join(checkout, "node_modules/.bin"), { recursive: true });
  const print = fingerprint(checkout, ["package.json", "package-lock.json"]);
  writeFileSync(join(checkout, "node_modules/.unstuck-install"), `${print} app`);
  mkdirSync(join(checkout, "bin"));
  // Else it would be installed, for the whole machine.
  writeFileSync(join(checkout, "bin/bindfs"), "", { mode: 0o755 });
});

function npm(script: string): void {
  writeFileSync(join(checkout, "bin/npm"), `#!/bin/sh\necho "$*" >>"${checkout}/calls"\n${script}\n`);
  chmodSync(join(checkout, "bin/npm"), 0o755);
}

async function run(script: string, args: readonly string[]) {
  const child = startChild(process.execPath, [`scripts/${script}`, ...args], {
    cwd: checkout,
    stdio: "pipe",
    env: {
      PATH: `${join(checkout, "bin")}:${process.env.PATH}`,
      UNSTUCK_DATA_DIR: join(checkout, "data"),
      PORT: "0",
    },
  });
  let printed = "";
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const closed = new Promise((done) => child.process.once("close", done));
  const { code } = await child.ended;
  await closed;
  const calls = existsSync(join(checkout, "calls")) ? readFileSync(join(checkout, "calls"), "utf8") : "";
  return { code, printed, calls };
}

/** Every script of package.json that needs more than `npm start` has installed, with arguments that keep it short. */
const NEEDS_MORE = {
  dev: [],
  lint: [],
  typecheck: [],
  format: [],
  verify: [],
  test: ["gate"],
  "test:unit": [],
  "test:e2e": [],
  torture: [],
  bench: ["boot"],
};

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);

/** `npm run NAME`, without npm: what package.json says, under this Node. */
function runScript(name: string, args: readonly string[] = []) {
  const [script = "", ...words] = (scripts[name] ?? "").replace("node scripts/", "").split(" ");
  return run(script, [...words, ...args]);
}

test("these are all scripts but those that need no more than the dashboard itself", () => {
  expect(Object.keys(scripts).sort()).toEqual(
    [...Object.keys(NEEDS_MORE), "advisories", "build", "migration", "serve", "start"].sort(),
  );
});

test.each(Object.entries(NEEDS_MORE))(
  "CR-4 `npm run %s` where only npm start has been: what it needs is asked for, and when that fails it says so",
  async (name, args) => {
    npm("echo 'npm error the registry is away' >&2; exit 1");
    const { code, printed, calls } = await runScript(name, args);
    expect(code).toBe(1);
    expect(printed).toMatch(
      /Installing packages .*\n(.*\n)*npm install .* failed \(exit code 1\)\.\n.*the registry is away/,
    );
    expect(calls).not.toContain("--omit=dev");
  },
);

test.each([
  ["torture", "vitest"],
  ["format", "biome"],
])("CR-4 `npm run %s` where only npm start has been installs %s and runs it", async (name, tool) => {
  npm(`printf 'console.log("the %s ran")' ${tool} >node_modules/.bin/${tool}`);
  const { code, printed } = await runScript(name);
  expect(printed).toContain(`the ${tool} ran`);
  expect(code).toBe(0);
});

test("CR-4 `unstuck` where nothing is installed says what to do", async () => {
  cpSync(join(ROOT, "cli"), join(checkout, "cli"), { recursive: true });
  expect(await run("../cli/unstuck.mjs", ["status"])).toEqual({
    code: 70,
    printed: "unstuck: its packages are not installed yet. Run npm start once in the project's folder.\n",
    calls: "",
  });
});
