import { text } from "node:stream/consumers";
import { EXIT, Refusal } from "./exit-codes.mjs";

/** Questions to a person. Ctrl-C, Ctrl-D and the end of the input change nothing. */

export function mayAsk() {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/**
 * @param {string} message
 * @returns {Promise<boolean>}
 */
export async function confirmed(message) {
  const { confirm } = await import("@inquirer/prompts");
  return answered(confirm({ message, default: false }, { clearPromptOnDone: false }));
}

/**
 * @param {string} message
 * @returns {Promise<string>}
 */
export async function typed(message) {
  const { input } = await import("@inquirer/prompts");
  return answered(input({ message }));
}

/**
 * Without showing it.
 * @param {string} message
 * @returns {Promise<string>}
 */
export async function typedUnseen(message) {
  const { password } = await import("@inquirer/prompts");
  const validate = (/** @type {string} */ value) => value !== "" || "Expected something, found nothing.";
  return answered(password({ message, toggleMask: false, validate }));
}

/**
 * What a script hands over on standard input, without the line's end.
 * @param {string} option that says so
 * @returns {Promise<string>}
 */
export async function piped(option) {
  if (process.stdin.isTTY)
    throw new Refusal(
      EXIT.usage,
      `${option} reads a file or a pipe, and this is a terminal. Leave it out, and you are asked.`,
    );
  const given = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (given === "") throw new Refusal(EXIT.usage, `${option} found nothing on standard input.`);
  return given;
}

/**
 * @template Value
 * @param {Promise<Value>} asked
 */
async function answered(asked) {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && /^(Exit|Abort|Cancel)PromptError$/.test(error.name))
      throw new Refusal(EXIT.aborted, "Aborted. Nothing was changed.");
    throw error;
  }
}

/** @param {string} [what] */
export function declined(what = "Nothing was changed.") {
  return new Refusal(EXIT.declined, what);
}
