import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { addAccountVerbs } from "./account-verbs.mjs";
import { dashboardOf, warnOfPlainHttp } from "./dashboard.mjs";
import { EXIT } from "./exit-codes.mjs";
import { AFTER_HELP } from "./help-text.mjs";
import { addHoldVerbs } from "./hold-verbs.mjs";
import { collect, count, hours, lines, seconds } from "./option-values.mjs";
import { addScheduleVerbs } from "./schedule-verbs.mjs";
import { Screen } from "./show/screen.mjs";
import { ROOT } from "./where.mjs";

/**
 * What there is to type. Each verb is loaded when it is called: cron and completion call us often.
 *
 * @typedef {object} Context what every verb gets
 * @property {import("./api.mjs").Dashboard} dashboard
 * @property {Screen} screen
 * @property {Command} program
 *
 * @typedef {(context: Context, input: Input) => Promise<number>} Verb answers the exit code
 * @typedef {{ args: string[], options: Record<string, any>, afterDashes: string[] }} Input
 */

/**
 * @param {(code: number) => void} exit told the exit code
 * @param {string[]} afterDashes what stood behind --
 */
export function makeProgram(exit, afterDashes) {
  const program = new Command("unstuck")
    .description("Starts, stops, watches and cleans up the jobs of an Unstuck dashboard.")
    .version(version(), "--version")
    .option("--data <folder>", "the dashboard's data folder (on this machine, through its socket)")
    .option("--url <url>", "the dashboard's address (also on another machine)")
    .option("--json", "print the API's answer as JSON")
    .option("--no-color", "no colours (also: NO_COLOR=1, or not a terminal)")
    .addHelpText("after", AFTER_HELP)
    .helpCommand("help [verb]", "describe a verb")
    .showSuggestionAfterError(true)
    .showHelpAfterError("unstuck help [verb] lists what there is.");

  /**
   * @param {string} usage
   * @param {string} description
   * @param {() => Promise<{ run: Verb }>} load
   * @param {Command} [group]
   */
  function verb(usage, description, load, group = program) {
    return group
      .command(usage)
      .description(description)
      .action(async (/** @type {unknown[]} */ ...given) => {
        const command = /** @type {Command} */ (given.at(-1));
        const all = command.optsWithGlobals();
        const screen = new Screen(
          { json: all.json === true, colour: all.color !== false },
          { out: process.stdout, err: process.stderr, env: process.env },
        );
        const dashboard = dashboardOf(all, process.env);
        warnOfPlainHttp(dashboard, screen);
        const { run } = await load();
        exit(await run({ dashboard, screen, program }, { args: command.args, options: all, afterDashes }));
      });
  }

  addVerbs(verb);
  addScheduleVerbs(program, verb);
  addHoldVerbs(program, verb);
  addAccountVerbs(program, verb);
  return program;
}

/** @param {(usage: string, description: string, load: () => Promise<{ run: Verb }>) => Command} verb */
function addVerbs(verb) {
  const reason = () => new Option("--reason <text>", "why, for the history");
  const param = () =>
    new Option("--param <name=value>", "one of the job's parameters; may be repeated; - asks for a secret")
      .argParser(collect)
      .default([], "those of the run it continues, otherwise the defaults");
  const age = (/** @type {string} */ what) => new Option("--age-hours <hours>", what).argParser(hours);

  verb(
    "status [job]",
    "every job with its newest run, or one job with its evidence",
    () => import("./verbs/status.mjs"),
  );
  verb(
    "start <job> [args...]",
    "start a job: resume it when that is possible, else from the beginning",
    () => import("./verbs/start.mjs"),
  )
    .option(
      "--fresh",
      "start over from the beginning; the checkpoint that is there is kept under another name",
    )
    .addOption(param())
    .option("--same-args", "with the arguments of the newest run")
    .option("--no-args", "with none, whatever the newest run was given")
    .option("--wait", "until it runs")
    .option("--wait-over", "until it is over")
    .addOption(reason());
  verb(
    "resume <job> [args...]",
    "resume the newest run, with its arguments unless others are given",
    () => import("./verbs/resume.mjs"),
  )
    .addOption(param())
    .option("--old-folder", "in the folder that run worked in, where alone its checkpoint is")
    .option("--no-args", "with none, whatever the newest run was given")
    .option("--wait", "until it runs")
    .option("--wait-over", "until it is over")
    .addOption(reason());
  verb("stop <job>", "ask the run of a job to end, its whole process tree", () => import("./verbs/stop.mjs"))
    .option("--force", "kill it immediately; work since the last checkpoint is lost")
    .addOption(new Option("--grace <seconds>", "how long it may take to end by itself").argParser(seconds))
    .option("--wait", "until it is over")
    .addOption(reason());
  verb("restart <job>", "stop it, then start it again", () => import("./verbs/restart.mjs"))
    .addOption(new Option("--delay <seconds>", "between the two").argParser(seconds))
    .option("--wait", "until the new run runs")
    .addOption(reason());
  verb("reset <job>", "put a job back to where it can be started", () => import("./verbs/reset.mjs"))
    .option("--force", "kill what is alive first")
    .addOption(reason());
  verb("runs", "runs, newest first", () => import("./verbs/runs.mjs"))
    .option("--job <job>", "of this job only")
    .option("--state <states>", "one state or several, separated by commas")
    .option("--fingerprint <shape>", "that ended with last words of this shape, as status shows it")
    .addOption(new Option("--limit <count>", "so many").argParser(count).default(20));
  verb("log <run-or-job>", "what a run wrote; of a job its newest run", () => import("./verbs/log.mjs"))
    .option("-f, --follow", "keep printing until the run is over, also across a restart of the dashboard")
    .option("--raw", "the bytes as they are, also of a job whose log is in another encoding")
    .addOption(
      new Option("-n, --lines <count>", "the last so many lines, or all").argParser(lines).default(100),
    );
  verb(
    "precheck <job>",
    "may it be started now, and how? changes nothing",
    () => import("./verbs/precheck.mjs"),
  ).addOption(age("from which age a dead run is cleaned first (else: as the job says)"));
  verb(
    "env [job]",
    "which variables a run of a job gets and where they come from; without a job, what all runs get",
    () => import("./verbs/env.mjs"),
  )
    .addOption(
      new Option("--use <environment>", "what runs get from now on; shows what changes, asks").choices([
        "short",
        "recorded",
      ]),
    )
    .option("--auto", "with --use: without asking")
    .addOption(reason());
  verb("stuck", "runs that did not end well, or do not get on", () => import("./verbs/stuck.mjs"))
    .addOption(age("only what is older"))
    .option("--job <job>", "of this job only")
    .option("--tag <tag>", "of jobs with this tag only");
  verb("cleanup", "settle dead runs: shows the plan, asks, applies it", () => import("./verbs/cleanup.mjs"))
    .option("--dry-run", "show what would happen and change nothing at all")
    .option("--auto", "apply it without asking")
    .addOption(age("only what is older (else: 24; with --delete it has to be said)"))
    .addOption(
      new Option("--job <job>", "of this job only; may be repeated").argParser(collect).default([], "all"),
    )
    .addOption(
      new Option("--tag <tag>", "of jobs with this tag only; may be repeated")
        .argParser(collect)
        .default([], "all"),
    )
    .option("--allow-short", "allow less than 12 hours, which may settle a run that is only slow")
    .option("--delete", "delete rows, logs and checkpoints of one job's old runs; cannot be undone")
    .option("--confirm <job>", "with --delete: the job's name, instead of typing it")
    .option("--undo <plan>", "put back what a plan has cleaned")
    .addOption(reason());
  verb("strays", "processes without a run, and stale pid files", () => import("./verbs/strays.mjs"))
    .option("--adopt <stray>", "make a run of it")
    .option("--stop <stray>", "end it and its whole tree")
    .option("--stop-all", "end all that can be ended, and remove stale pid files; asks first")
    .option("--force", "kill immediately")
    .option("--auto", "with --stop-all: without asking")
    .addOption(reason());
  verb("locks", "locks that are held or waited for", () => import("./verbs/locks.mjs"));
  verb(
    "import-runs <file>",
    "take runs over from any table (CSV or JSON; - is standard input); shows what it found, asks",
    () => import("./verbs/import-runs.mjs"),
  )
    .addOption(
      new Option(
        "--map <field=column>",
        "which column a field is in (a+b joins, nothing leaves out); may be repeated",
      )
        .argParser(collect)
        .default([], "usual names"),
    )
    .addOption(
      new Option("--state-map <theirs=ours>", "what their states mean; may be repeated")
        .argParser(collect)
        .default([], "usual words"),
    )
    .option("--source <name>", "what the other system is called (else: the file's name); needed for pipes")
    .option("--create-jobs", "make a job for each that is not there, switched off and without a command")
    .option("--timezone <zone>", "of times that name none: Europe/Vienna, -05:00, UTC, local (else: UTC)")
    .addOption(
      new Option("--dates <order>", "what comes first in 01/02/2026, day or month").choices(["dmy", "mdy"]),
    )
    .option("--delimiter <character>", "between the cells: a character or tab (else: found out)")
    .option("--encoding <name>", "of the file's text, such as gb18030 (else: found out)")
    .option("--assume-over", "rows without a process that can be looked at are over, I know it")
    .option("--dry-run", "only show what it found")
    .option("--auto", "import without asking");
  verb(
    "folder",
    "whose data folder this is, and whether it is the live one",
    () => import("./verbs/folder.mjs"),
  )
    .option("--confirm", "confirm that this is the live one, so that held-back runs start; asks first")
    .option("--auto", "with --confirm: without asking")
    .addOption(reason());
  verb(
    "doctor",
    "check the installation; each finding says how to fix it",
    () => import("./verbs/doctor.mjs"),
  );
  verb(
    "exec <job>",
    "run a program here, under the job's locks: unstuck exec JOB -- PROGRAM",
    () => import("./verbs/exec.mjs"),
  )
    .usage("[--wait] <job> -- <program> [arguments...]")
    .option(
      "--wait",
      `wait until the job is free; without it, exec gives up immediately with exit code ${EXIT.busy}`,
    );
  verb(
    "completion <shell>",
    "print a completion script for bash, zsh or fish",
    () => import("./verbs/completion.mjs"),
  );
}

function version() {
  /** @type {{ version: string }} */
  const { version: text } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return text;
}
