import { valueProblem } from "./parameter-values";
import {
  isSecret,
  type JobParameters,
  PARAMETER_NAME,
  type Parameter,
  type ParameterIssue,
  variableOf,
} from "./parameters";

export const MOST_PARAMETERS = 50;
export const MOST_OPTIONS = 200;
const MOST_EXAMPLES = 10;
const MAX_TITLE = 120;
const MAX_DESCRIPTION = 1_000;
const MAX_LENGTH = 4_000;
const MAX_OPTION = 200;
/** Every list of jobs reads it. */
const MAX_CHARACTERS = 64 * 1024;

const TYPES = ["string", "integer", "number", "boolean"] as const satisfies readonly Parameter["type"][];
const FORMATS = ["date", "password"] as const;

type Fields = Readonly<Record<string, unknown>>;
type Tell = (path: string, message: string) => void;

/** What may be said of a parameter, by its type and form. */
const KEYWORDS = {
  text: ["type", "title", "description", "default", "examples", "enum", "minLength", "maxLength", "format"],
  date: ["type", "title", "description", "default", "examples", "format"],
  password: ["type", "title", "description", "minLength", "maxLength", "format", "writeOnly"],
  number: ["type", "title", "description", "default", "examples", "minimum", "maximum"],
  boolean: ["type", "title", "description", "default"],
} as const satisfies Record<string, readonly (keyof Parameter | string)[]>;

/**
 * Reads what a job declares: a strict part of JSON Schema. What is not known is refused, never ignored, since a rule that is not kept
 * is worse than one that cannot be written.
 * @returns null parameters: none are declared, or there are issues
 */
export function readParameters(value: unknown): {
  readonly parameters: JobParameters | null;
  readonly issues: readonly ParameterIssue[];
} {
  if (value === null || value === undefined) return { parameters: null, issues: [] };
  const issues: ParameterIssue[] = [];
  const tell: Tell = (path, message) => issues.push({ path, message });
  const properties = readProperties(value, tell);
  const required = readRequired(value, properties, tell);
  if (JSON.stringify(properties).length > MAX_CHARACTERS)
    tell("", `expected at most ${MAX_CHARACTERS} characters in all`);
  if (issues.length > 0 || properties.length === 0) return { parameters: null, issues };
  return { parameters: { type: "object", properties: Object.fromEntries(properties), required }, issues };
}

type Properties = readonly (readonly [name: string, parameter: Parameter])[];

function readProperties(value: unknown, tell: Tell): Properties {
  if (!isObject(value)) {
    tell("", 'expected an object such as {"type": "object", "properties": {"shop": {"type": "string"}}}');
    return [];
  }
  onlyThese(value, ["type", "properties", "required"], "", tell);
  if (value.type !== "object") tell("type", 'expected "object"');
  if (!isObject(value.properties)) {
    tell("properties", "expected an object: names with what each parameter is");
    return [];
  }
  const entries = Object.entries(value.properties);
  if (entries.length > MOST_PARAMETERS)
    tell("properties", `expected at most ${MOST_PARAMETERS} parameters, found ${entries.length}`);
  const taken = new Map<string, string>();
  return entries.slice(0, MOST_PARAMETERS).flatMap(([name, fields]) => {
    const path = `properties.${name.slice(0, 80)}`;
    nameProblems(name, taken, (message) => tell(path, message));
    const parameter = readParameter(fields, path, tell);
    return parameter === null ? [] : [[name, parameter] as const];
  });
}

function nameProblems(name: string, taken: Map<string, string>, tell: (message: string) => void): void {
  if (!PARAMETER_NAME.test(name)) {
    tell("expected a name of at most 40 letters, digits and _ that begins with a small letter");
    return;
  }
  const variable = variableOf(name);
  const other = taken.get(variable);
  if (other !== undefined)
    tell(`would be the same variable as ${other}, ${variable}; expected names that differ in it`);
  taken.set(variable, name);
}

function readParameter(value: unknown, path: string, tell: Tell): Parameter | null {
  if (!isObject(value)) {
    tell(path, 'expected what the parameter is, such as {"type": "string"}');
    return null;
  }
  const before = { count: 0 };
  const note: Tell = (at, message) => {
    before.count += 1;
    tell(at, message);
  };
  if (!(TYPES as readonly unknown[]).includes(value.type)) {
    note(`${path}.type`, `expected one of ${TYPES.join(", ")}`);
    return null;
  }
  onlyThese(value, keywordsOf(value), path, note);
  readTexts(value, path, note);
  readBounds(value, path, note);
  readOptions(value, path, note);
  if (before.count > 0) return null;
  const parameter = canonical(value);
  checkValues(parameter, path, note);
  return before.count > 0 ? null : parameter;
}

function keywordsOf({ type, format }: Fields): readonly string[] {
  if (type === "boolean") return KEYWORDS.boolean;
  if (type !== "string") return KEYWORDS.number;
  return format === "date" || format === "password" ? KEYWORDS[format] : KEYWORDS.text;
}

function onlyThese(value: Fields, known: readonly string[], path: string, tell: Tell): void {
  for (const keyword of Object.keys(value).filter((one) => !known.includes(one)))
    tell(
      path === "" ? keyword.slice(0, 80) : `${path}.${keyword.slice(0, 80)}`,
      `is not possible here; possible ${known.length === 1 ? "is" : "are"} ${known.join(", ")}${why(keyword)}`,
    );
}

const WHY: ReadonlyMap<string, string> = new Map([
  [
    "pattern",
    ". A pattern is left out on purpose: a slow one would hold up the dashboard; let the program check",
  ],
]);

function why(keyword: string): string {
  return WHY.get(keyword) ?? "";
}

function readTexts(value: Fields, path: string, tell: Tell): void {
  for (const [name, most] of [
    ["title", MAX_TITLE],
    ["description", MAX_DESCRIPTION],
  ] as const) {
    const text = value[name];
    if (text === undefined) continue;
    if (typeof text !== "string" || text.trim() === "" || text.length > most || text.includes("\0"))
      tell(`${path}.${name}`, `expected text of 1 to ${most} characters`);
  }
  const { format, writeOnly, type } = value;
  if (format !== undefined && type === "string" && !(FORMATS as readonly unknown[]).includes(format))
    tell(`${path}.format`, `expected one of ${FORMATS.join(", ")}`);
  if (writeOnly !== undefined && format === "password" && writeOnly !== true)
    tell(`${path}.writeOnly`, "expected true: a password is never shown");
}

function readBounds(value: Fields, path: string, tell: Tell): void {
  for (const name of ["minLength", "maxLength"] as const) {
    const length = value[name];
    if (length === undefined) continue;
    const fits = Number.isInteger(length) && Number(length) >= 0 && Number(length) <= MAX_LENGTH;
    if (!fits) tell(`${path}.${name}`, `expected a whole number from 0 to ${MAX_LENGTH}`);
  }
  for (const name of ["minimum", "maximum"] as const) {
    const bound = value[name];
    if (bound === undefined || value.type === "string" || value.type === "boolean") continue;
    const whole = value.type === "integer";
    if (whole ? !Number.isSafeInteger(bound) : !(typeof bound === "number" && Number.isFinite(bound)))
      tell(`${path}.${name}`, `expected a ${whole ? "whole " : ""}number`);
  }
  for (const [least, most] of [
    ["minLength", "maxLength"],
    ["minimum", "maximum"],
  ] as const)
    if (Number(value[least]) > Number(value[most]))
      tell(`${path}.${most}`, `expected at least ${least}, ${String(value[least])}`);
}

function readOptions(value: Fields, path: string, tell: Tell): void {
  const { enum: options, examples } = value;
  if (options !== undefined && value.type === "string" && !isOptions(options))
    tell(
      `${path}.enum`,
      `expected 1 to ${MOST_OPTIONS} different lines of 1 to ${MAX_OPTION} characters, such as ["north", "south"]`,
    );
  if (examples !== undefined && !(Array.isArray(examples) && examples.length <= MOST_EXAMPLES))
    tell(`${path}.examples`, `expected a list of at most ${MOST_EXAMPLES}`);
}

function isOptions(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_OPTIONS) return false;
  const fits = (one: unknown) =>
    typeof one === "string" && one !== "" && one.length <= MAX_OPTION && !one.includes("\n");
  return value.every(fits) && new Set(value).size === value.length;
}

/** In one order, and a password always says that it is only written. */
function canonical(value: Fields): Parameter {
  const kept = keywordsOf(value).filter((name) => value[name] !== undefined);
  const fields = Object.fromEntries(kept.map((name) => [name, value[name]]));
  const whole = value.format === "password" ? { ...fields, writeOnly: true } : fields;
  return whole as unknown as Parameter;
}

/** Its default, its examples and each of its options have to fit what it says of itself. */
function checkValues(parameter: Parameter, path: string, tell: Tell): void {
  if (isSecret(parameter)) return;
  const check = (at: string, value: unknown) => {
    const problem = valueProblem(parameter, value);
    if (problem !== null) tell(`${path}.${at}`, problem);
  };
  if (parameter.type === "string")
    for (const [index, option] of (parameter.enum ?? []).entries()) check(`enum.${index}`, option);
  if (parameter.default !== undefined) check("default", parameter.default);
  if (parameter.type !== "boolean")
    for (const [index, example] of (parameter.examples ?? []).entries()) check(`examples.${index}`, example);
}

function readRequired(value: unknown, properties: Properties, tell: Tell): readonly string[] {
  if (!isObject(value) || value.required === undefined) return [];
  const { required } = value;
  const names = isObject(value.properties) ? Object.keys(value.properties) : [];
  if (!Array.isArray(required) || !required.every((name) => typeof name === "string")) {
    tell("required", 'expected a list of names, such as ["shop"]');
    return [];
  }
  for (const name of required.filter((one) => !names.includes(one)))
    tell("required", `expected names of parameters, found "${name.slice(0, 80)}"`);
  return properties.map(([name]) => name).filter((name) => required.includes(name));
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
