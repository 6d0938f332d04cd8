import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { SHELLS, startLauncherOn } from "@/test/launcher";
import { readClaim, readExitRecord, revoke, runFiles } from "./run-files";

const ROUNDS = 200;
/** So often at least each must have won, or it was no race; whoever is unlucky with the scheduler gets more rounds. */
const WINS_EACH = 20;
const MOST_ROUNDS = 4_000;

/** Another process that claims each round as a launcher does; both wait for each other before every round. */
const RIVAL = `
  const { existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
  const [root] = process.argv.slice(1);
  const won = [];
  for (let round = 0; ; round += 1) {
    const folder = root + "/runs/run_" + round;
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + "/claim.launcher", "launcher " + process.pid + " 1\\n");
    writeFileSync(folder + "/rival-ready", "");
    while (!existsSync(folder + "/we-ready")) if (existsSync(root + "/enough")) {
      writeFileSync(root + "/won", JSON.stringify(won));
      process.exit();
    }
    const until = performance.now() + Number(readFileSync(folder + "/we-ready", "utf8"));
    while (performance.now() < until);
    try { linkSync(folder + "/claim.launcher", folder + "/claim"); won.push(round); } catch {}
    writeFileSync(folder + "/rival-done", "");
  }`;

test(`B6 of a launcher and a dashboard that want one run, exactly one gets it, ${ROUNDS} times out of ${ROUNDS}`, async () => {
  const root = temporaryFolder();
  const rival = startChild(process.execPath, ["-e", RIVAL, root]);
  const ours: number[] = [];
  let rounds = 0;
  // How much later the rival comes; below zero: we.
  let headStartMs = 0;
  let stepMs = 0.05;
  const wins = () => Math.min(ours.length, rounds - ours.length);
  for (; rounds < ROUNDS || (wins() < WINS_EACH && rounds < MOST_ROUNDS); rounds += 1) {
    const files = runFiles(join(root, "runs"), join(root, "exits"), `run_${rounds}`);
    while (!existsSync(join(files.folder, "rival-ready"))) await nextTurn();
    writeFileSync(join(files.folder, "head-start"), String(Math.max(0, headStartMs)));
    renameSync(join(files.folder, "head-start"), join(files.folder, "we-ready"));
    waitBusily(-headStartMs);
    const won = revoke(files, "race");
    if (won) ours.push(rounds);
    // Whoever lost gets ahead the next time, by more and more as long as he loses: so both arrive at the same moment.
    const change = won ? -1 : 1;
    stepMs = Math.sign(headStartMs) === change ? Math.min(2, stepMs * 1.5) : 0.05;
    headStartMs += change * stepMs;
    while (!existsSync(join(files.folder, "rival-done"))) await nextTurn();
    expect(readClaim(files)?.by, `round ${rounds}`).toBe(won ? "revoked" : "launcher");
  }
  writeFileSync(join(root, "enough"), "");
  await rival.ended;
  const theirs: number[] = JSON.parse(readFileSync(join(root, "won"), "utf8"));
  expect([...ours, ...theirs].sort((a, b) => a - b)).toEqual(
    Array.from({ length: rounds }, (_, round) => round),
  );
  expect(wins(), "it was a race").toBeGreaterThanOrEqual(WINS_EACH);
});

function waitBusily(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("a real launcher that is given up while it comes either runs its program or never does", async () => {
  const [shell] = SHELLS;
  if (shell === undefined) throw new Error("There is no shell.");
  const outcomes = Array.from({ length: 40 }, async (_, round) => {
    const folder = temporaryFolder();
    const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
    for (const path of [files.folder, join(folder, "exits")]) mkdirSync(path, { recursive: true });
    const { ended } = startLauncherOn(files, shell, folder, ["sh", "-c", "echo > ran; exit 0"]);
    for (let turns = 0; turns < round * 20 && readClaim(files) === null; turns += 1) await nextTurn();
    const given = revoke(files, "race");
    const { code } = await ended;
    return { given, code, ran: existsSync(join(folder, "ran")), recorded: readExitRecord(files) !== null };
  });
  for (const outcome of await Promise.all(outcomes)) {
    expect(outcome).toEqual(
      outcome.given
        ? { given: true, code: 125, ran: false, recorded: false }
        : { given: false, code: 0, ran: true, recorded: true },
    );
  }
});
