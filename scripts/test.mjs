import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { servicePid } from "../bootstrap/parent.mjs";
import { RELEASES } from "../bootstrap/releases.mjs";

/**
 * `npm test`: from a bare machine to everything tested. Installs what it needs, then runs the gate and every kind of test, and
 * ends with one line that counts. `npm test -- e2e` runs only what is named: gate, unit, processes, contract, examples,
 * integration, torture, e2e. `npm test -- --node 22` runs it under that Node, whatever this one is.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const KINDS = ["gate", "unit", "processes", "contract", "examples", "integration", "torture", "e2e"];
const { major, asked } = wishes(process.argv.slice(2));
await ensureNode(major === undefined ? {} : { major });
// What tests start by the name `node` is to be the same one.
if (servicePid() !== process.pid) process.env.PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
// Hundreds of servers, commands and test files load the same modules: compiled once, by whichever ends in order.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/unstuck-tests/compiled");
console.log(`Node ${process.versions.node}`);
const wanted = asked.length === 0 ? KINDS : asked;
const total = { passed: 0, failed: 0, skipped: 0 };
const reports = mkdtempSync(join(tmpdir(), "unstuck-reports-"));

try {
  const { installPackages } = await import("./prepare/install.mjs");
  await installPackages(root, { dev: true, say: console.log });
  const { buildApp, generateClient } = await import("./prepare/build.mjs");
  await generateClient(root, console.log);
  const { wantDebianPackages } = await import("./prepare/debian.mjs");
  await wantDebianPackages(wanted, console.log);
  if (wanted.includes("gate")) await gate();
  await vitest("unit");
  if (["integration", "torture", "e2e"].some((kind) => wanted.includes(kind)))
    await buildApp(root, console.log, { distDir: ".next-test", testBuild: true });
  // Some mostly wait, for the disk and for processes, and others mostly work: together they leave no core idle.
  await vitest("processes", "contract", "examples", "torture", "integration");
  // Not beside the others: as root, Chromium runs ahead of everything else on the machine, and everything is late.
  if (wanted.includes("e2e")) await playwright();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed += 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/**
 * `--node 22`, `--node=22`, and kinds.
 * @param {string[]} args
 */
function wishes(args) {
  const words = args.flatMap((arg) => (arg.startsWith("--node=") ? ["--node", arg.slice(7)] : [arg]));
  const at = words.indexOf("--node");
  const [, major] = at === -1 ? [] : words.splice(at, 2);
  const unknown = words.filter((kind) => !KINDS.includes(kind));
  if (at !== -1 && RELEASES[major ?? ""] === undefined)
    return refuse(`Expected --node ${Object.keys(RELEASES).join(", ")}; found ${major ?? "nothing"}.`);
  if (unknown.length > 0) return refuse(`Expected ${KINDS.join(", ")}; found ${unknown.join(", ")}.`);
  return { major, asked: words };
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Each check counts as one. */
async function gate() {
  heading("gate");
  const { runGate } = await import("./prepare/gate.mjs");
  const { passed, failed } = await runGate(root);
  total.passed += passed;
  total.failed += failed;
}

/**
 * Runs those of the kinds that are wanted as one, so that none of them ends on a single core.
 * @param {string[]} kinds
 */
async function vitest(...kinds) {
  const projects = kinds.filter((kind) => wanted.includes(kind));
  if (projects.length === 0) return;
  heading(projects.join(", "));
  const file = join(reports, `${projects.join("-")}.json`);
  const args = [
    "run",
    ...projects.flatMap((kind) => ["--project", kind]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const status = await runner("vitest", args, process.env);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  count(
    projects.join(", "),
    status,
    report?.numPassedTests ?? 0,
    report?.numFailedTests ?? 0,
    (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  );
}

async function playwright() {
  heading("e2e");
  const { findChromium } = await import("./prepare/chromium.mjs");
  const chromium = await findChromium(root, console.log);
  const file = join(reports, "e2e.json");
  const env = {
    ...process.env,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    ...(chromium === null ? {} : { CHROMIUM: chromium }),
  };
  const status = await runner("playwright", ["test", "--reporter=list,json"], env);
  const stats = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).stats : null;
  count(
    "e2e",
    status,
    (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    stats?.unexpected ?? 0,
    stats?.skipped ?? 0,
  );
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | null>} its exit code; null when a signal ended it
 */
function runner(name, args, env) {
  const child = spawn(process.execPath, [join(root, "node_modules/.bin", name), ...args], {
    stdio: "inherit",
    env,
  });
  return new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
}

/**
 * A runner that fails without naming a failed test (a broken file, a crash) has failed all the same.
 * @param {string} kind
 * @param {number | null} status
 * @param {number} passed
 * @param {number} failed
 * @param {number} skipped
 */
function count(kind, status, passed, failed, skipped) {
  total.passed += passed;
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  total.skipped += skipped;
  console.log(
    `${kind}: ${passed} passed, ${failed} failed, ${skipped} skipped${status === 0 ? "" : ` (exit code ${status})`}`,
  );
}

/** @param {string} text */
function heading(text) {
  console.log(`\n── ${text} ──`);
}
