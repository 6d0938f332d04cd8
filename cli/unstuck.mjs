#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { execUnderLock } from "./exec.mjs";
import { EXIT, Refusal } from "./exit-codes.mjs";

/** `unstuck`: a client of the dashboard's API for terminals and cron. Plain JavaScript, so that it runs without a build. */

const HELP = `Usage: unstuck exec [--wait] [--url URL] JOB -- PROGRAM [ARGUMENT...]

Runs PROGRAM here, in this terminal, under the locks and the pid file of JOB, so that nobody else (a person,
cron, the dashboard) runs it at the same time. It is a run like any other: the dashboard shows it, can stop it,
and records how it ended.

  --wait      wait until the job is free; without it, exec gives up at once with exit code ${EXIT.busy}
  --url URL   where the dashboard is; else $UNSTUCK_URL, else http://127.0.0.1:3000
  --help, --version

Exit code: that of PROGRAM, or 128 + n when signal n ended it. Else nothing was run:
  ${EXIT.usage} wrong usage   ${EXIT.noJob} no such job   ${EXIT.unreachable} the dashboard cannot be reached
  ${EXIT.busy} the job is busy, or was stopped before it began   ${EXIT.notAllowed} another user's dashboard   ${EXIT.refused} refused for another reason`;

process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} args */
async function main(args) {
  const [verb, ...rest] = args;
  try {
    if (verb === undefined || verb === "--help" || verb === "-h" || rest[0] === "--help") {
      process.stdout.write(`${HELP}\n`);
      return verb === undefined ? EXIT.usage : 0;
    }
    if (verb === "--version") {
      process.stdout.write(`${version()}\n`);
      return 0;
    }
    if (verb === "exec") return await execUnderLock(rest);
    throw new Refusal(EXIT.usage, `There is no "${verb}". unstuck --help shows what there is.`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`unstuck: ${error.message}`);
    return error.exitCode;
  }
}

function version() {
  /** @type {{ version: string }} */
  const { version: text } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return text;
}
