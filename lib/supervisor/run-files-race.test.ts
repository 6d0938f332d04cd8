import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { SHELLS, startLauncherOn } from "@/test/launcher";
import { readClaim, readExitRecord, revoke, runFiles } from "./run-files";

const ROUNDS = 200;

/** Another process that claims each round as a launcher does; both wait for each other before every round. */
const RIVAL = `
  const { existsSync, linkSync, readFileSync, writeFileSync } = require("node:fs");
  const [root, rounds] = process.argv.slice(1);
  const won = [];
  for (let round = 0; round < Number(rounds); round += 1) {
    const folder = root + "/runs/run_" + round;
    writeFileSync(folder + "/claim.shim", "shim " + process.pid + " 1\\n");
    writeFileSync(folder + "/rival-ready", "");
    while (!existsSync(folder + "/we-ready"));
    const until = performance.now() + Number(readFileSync(folder + "/we-ready", "utf8"));
    while (performance.now() < until);
    try { linkSync(folder + "/claim.shim", folder + "/claim"); won.push(round); } catch {}
    writeFileSync(folder + "/rival-done", "");
  }
  writeFileSync(root + "/won", JSON.stringify(won));`;

test(`B6 of a launcher and a dashboard that want one run, exactly one gets it, ${ROUNDS} times out of ${ROUNDS}`, async () => {
  const root = temporaryFolder();
  for (let round = 0; round < ROUNDS; round += 1)
    mkdirSync(join(root, `runs/run_${round}`), { recursive: true });
  const rival = startChild(process.execPath, ["-e", RIVAL, root, String(ROUNDS)]);
  const ours: number[] = [];
  let headStartMs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const files = runFiles(join(root, "runs"), join(root, "exits"), `run_${round}`);
    while (!existsSync(join(files.folder, "rival-ready"))) await nextTurn();
    writeFileSync(join(files.folder, "head-start"), String(headStartMs));
    renameSync(join(files.folder, "head-start"), join(files.folder, "we-ready"));
    const won = revoke(files, "race");
    if (won) ours.push(round);
    // Whoever lost gets a little ahead the next time: so both arrive at the same moment as nearly as can be.
    headStartMs = Math.max(0, headStartMs + (won ? -0.05 : 0.05));
    while (!existsSync(join(files.folder, "rival-done"))) await nextTurn();
    expect(readClaim(files)?.by, `round ${round}`).toBe(won ? "revoked" : "launcher");
  }
  await rival.ended;
  const theirs: number[] = JSON.parse(readFileSync(join(root, "won"), "utf8"));
  expect([...ours, ...theirs].sort((a, b) => a - b)).toEqual(
    Array.from({ length: ROUNDS }, (_, round) => round),
  );
  expect(Math.min(ours.length, theirs.length), "it was a race").toBeGreaterThan(ROUNDS / 10);
});

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
