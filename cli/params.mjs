import { createInterface } from "node:readline";
import { mayAsk, typedUnseen } from "./ask.mjs";
import { EXIT, Refusal } from "./exit-codes.mjs";
import { jobPath } from "./paths.mjs";

/**
 * `--param shop=north --param apiKey=-` as the API has it: each text read as what its job declares. What is wrong with a value beyond that is
 * said by the dashboard.
 * @param {import("./program.mjs").Context} context
 * @param {string} job
 * @param {readonly string[]} given
 * @returns {Promise<{ parameters?: Record<string, string | number | boolean> }>} nothing where nothing was given
 */
export async function parametersOf({ dashboard }, job, given) {
  if (given.length === 0) return {};
  const named = given.map(nameAndText);
  const twice = named.find(([name], at) => named.findIndex(([other]) => other === name) !== at);
  if (twice !== undefined)
    throw new Refusal(EXIT.usage, `Expected each parameter once, found ${twice[0]} twice.`);
  /** @type {import("../lib/contracts/job").JobView} */
  const { parameters } = await dashboard.call("GET", jobPath(job, ""));
  const properties = parameters?.properties ?? {};
  const hidden = hiddenTexts();
  const values = [];
  for (const [name, text] of named) {
    const parameter = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const isSecret = parameter?.type === "string" && parameter.format === "password";
    if (isSecret && text !== "-")
      throw new Refusal(
        EXIT.usage,
        `${name} is a secret, which on a command line every user of this machine can read. Give --param ${name}=- and type it when asked, or hand it over on standard input, a line each.`,
      );
    values.push([name, isSecret ? await hidden.next(name) : asDeclared(name, text, parameter?.type)]);
  }
  hidden.close();
  return { parameters: Object.fromEntries(values) };
}

/**
 * @param {string} given
 * @returns {[name: string, text: string]}
 */
function nameAndText(given) {
  const at = given.indexOf("=");
  if (at < 1) throw new Refusal(EXIT.usage, `Expected --param NAME=VALUE, found "${given}".`);
  return [given.slice(0, at), given.slice(at + 1)];
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * @param {string} name
 * @param {string} text
 * @param {string | undefined} type undefined: the job declares none of that name, which the dashboard refuses
 */
function asDeclared(name, text, type) {
  if (type === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new Refusal(EXIT.usage, `Expected ${name} to be true or false, found "${text}".`);
  }
  if (type !== "integer" && type !== "number") return text;
  if (NUMBER.test(text)) return Number(text);
  const what = type === "integer" ? "a whole number" : "a number";
  throw new Refusal(EXIT.usage, `Expected ${name} to be ${what}, found "${text}".`);
}

/** Asked for without showing them, or the lines of standard input, one for each in the order they are named. */
function hiddenTexts() {
  /** @type {ReturnType<typeof createInterface> | undefined} */
  let reader;
  /** @type {AsyncIterator<string> | undefined} */
  let lines;
  return {
    /** @param {string} name */
    next: async (name) => {
      if (mayAsk()) return typedUnseen(`${name}:`);
      if (process.stdin.isTTY)
        throw new Refusal(
          EXIT.usage,
          `${name} would be shown as it is typed. Hand it over on standard input.`,
        );
      reader ??= createInterface({ input: process.stdin, terminal: false });
      lines ??= reader[Symbol.asyncIterator]();
      const { value, done } = await lines.next();
      if (done === true || value === "")
        throw new Refusal(EXIT.usage, `--param ${name}=- found no line for it on standard input.`);
      return value;
    },
    close: () => reader?.close(),
  };
}
