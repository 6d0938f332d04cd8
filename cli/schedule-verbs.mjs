import { Option } from "commander";
import { collect, count, duration, instant } from "./option-values.mjs";
import { MISSED, OVERLAPS, WEEKDAYS } from "./schedule-values.mjs";

/**
 * @typedef {import("commander").Command} Command
 * @typedef {import("./program.mjs").Verb} Verb
 */

const timezone = () =>
  new Option(
    "--timezone <zone>",
    "the zone whose clock counts: Europe/Vienna, UTC (default: that of this machine)",
  );
const every = () =>
  new Option("--every <length>", "at an interval instead: 90s, 10min, 1h30min").argParser(duration);

/**
 * The verbs about when jobs start by themselves.
 * @param {Command} program
 * @param {(usage: string, description: string, load: () => Promise<{ run: Verb }>, group?: Command) => Command} verb
 */
export function addScheduleVerbs(program, verb) {
  verb("schedules [job]", "all schedules, by their next time", () => import("./verbs/schedules.mjs"));
  const schedule = program
    .command("schedule")
    .description("schedules of jobs: add, pause, resume, delete, preview");
  verb(
    "add <job> [expression]",
    'start a job at its times: unstuck schedule add nightly "0 3 * * *"',
    () => import("./verbs/schedule-add.mjs"),
    schedule,
  )
    .addOption(every())
    .addOption(new Option("--from <time>", "with --every: one of its times (else: now)").argParser(instant))
    .addOption(timezone())
    .option("--title <text>", "what it is called")
    .addOption(new Option("--starts <time>", "nothing before that: 2026-12-24T03:00Z").argParser(instant))
    .addOption(new Option("--ends <time>", "nothing from then on").argParser(instant))
    .addOption(
      new Option("--day-off <day>", "2026-12-24, or 2026-12-24/2027-01-06; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("--weekday-off <day>", `${WEEKDAYS.join(", ")}; may be repeated`)
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(new Option("--jitter <length>", "delay each start by up to this much").argParser(duration))
    .addOption(
      new Option(
        "--missed <policy>",
        "for times when no dashboard was running: skip them, start the last, or all of them",
      )
        .choices(MISSED)
        .default("last"),
    )
    .addOption(
      new Option("--most <count>", "with --missed all: at most this many").argParser(count).default(10),
    )
    .addOption(
      new Option("--overlap <what>", "while the job runs: skip the time, or wait for the end of the run")
        .choices(Object.keys(OVERLAPS))
        .default("skip"),
    )
    .option("--fresh", "start over each time, whatever could be resumed")
    .addOption(
      new Option("--arg <word>", "what the program is given after the job's own; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("--param <name=value>", "one of the job's parameters; may be repeated")
        .argParser(collect)
        .default([], "the defaults"),
    )
    .option("--paused", "start nothing until it is resumed");
  verb(
    "pause <schedule>",
    "stop starting by it until it is resumed",
    () => import("./verbs/schedule-pause.mjs"),
    schedule,
  );
  verb(
    "resume <schedule>",
    "start by it again, from now on",
    () => import("./verbs/schedule-resume.mjs"),
    schedule,
  );
  verb(
    "delete <schedule>",
    "delete it and the record of its times; asks",
    () => import("./verbs/schedule-delete.mjs"),
    schedule,
  ).option("--auto", "without asking");
  verb(
    "preview [expression]",
    "the next times of an expression; changes nothing",
    () => import("./verbs/schedule-preview.mjs"),
    schedule,
  )
    .addOption(every())
    .addOption(timezone())
    .addOption(new Option("--limit <count>", "how many times, up to 100").argParser(count).default(10));
}
