import { CommanderError } from "commander";
import { EXIT, Refusal } from "./exit-codes.mjs";
import { makeProgram } from "./program.mjs";

/** `unstuck`: a client of the dashboard's API for terminals and cron. Plain JavaScript, so that it runs without a build. */

// The reader of the pipe has seen enough: `unstuck log … | head`.
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} args */
async function main(args) {
  if (args[0] === "__complete") return (await import("./complete.mjs")).complete(args.slice(1));
  const { before, after } = splitForExec(args);
  let code = 0;
  const program = makeProgram((told) => {
    code = told;
  }, after);
  quietly(program);
  try {
    if (before.length === 0) {
      program.outputHelp();
      return EXIT.usage;
    }
    await program.parseAsync(before, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return usageCode(error);
    if (!(error instanceof Refusal)) throw error;
    console.error(`unstuck: ${error.message}`);
    return error.exitCode;
  }
}

/**
 * What stands behind -- is exec's program, whatever it looks like. Other verbs take -- as every command does.
 * @param {string[]} args
 */
function splitForExec(args) {
  const end = args.indexOf("--");
  const before = end === -1 ? args : args.slice(0, end);
  const takesValue = ["--data", "--url"];
  const first = before.find((arg, at) => !arg.startsWith("-") && !takesValue.includes(before[at - 1] ?? ""));
  return end === -1 || first !== "exec"
    ? { before: args, after: [] }
    : { before, after: args.slice(end + 1) };
}

/** @param {import("commander").Command} program */
function quietly(program) {
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])])
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "unstuck: ")),
    });
}

/** @param {CommanderError} error */
function usageCode({ code, exitCode }) {
  const isAnswer = ["commander.helpDisplayed", "commander.help", "commander.version"].includes(code);
  // A group of verbs without one of them shows its help as an error.
  return isAnswer && exitCode === 0 ? 0 : EXIT.usage;
}
