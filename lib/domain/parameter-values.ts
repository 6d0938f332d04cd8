import { argvBytes, MAX_ARGV_BYTES } from "./argv-bytes";
import {
  findParameter,
  isSecret,
  type JobParameters,
  type NumberParameter,
  namesOf,
  type Parameter,
  type ParameterIssue,
  type ParameterValue,
  type ParameterValues,
  type TextParameter,
  textOf,
} from "./parameters";
import { unreachable } from "./unreachable";

export const MAX_VALUE_LENGTH = 4_000;

/** Control characters but tab and line feed, and halves of characters: a program could not be given them, or a terminal would obey them. */
const UNFIT = /[^\P{Cc}\t\n]|\p{Cs}/u;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export type ParameterReading = {
  /** What each parameter is: as given, else its default. Those without either are left out. */
  readonly values: ParameterValues;
  readonly issues: readonly ParameterIssue[];
};

/**
 * The values of a start, checked against what its job declares. The same in the browser, in the API and for what a run repeats.
 * Every problem is told with the parameter's name, and never with the value of a secret.
 */
export function readValues(
  parameters: JobParameters | null,
  given: Readonly<Record<string, unknown>>,
): ParameterReading {
  const issues: ParameterIssue[] = [];
  for (const name of Object.keys(given))
    if (findParameter(parameters, name) === null)
      issues.push({ path: name.slice(0, 80), message: undeclared(parameters) });
  const values: [string, ParameterValue][] = [];
  for (const name of namesOf(parameters)) {
    const parameter = findParameter(parameters, name);
    if (parameter === null) continue;
    const value = Object.hasOwn(given, name) ? given[name] : parameterDefault(parameter);
    if (value === undefined) {
      if (parameters?.required.includes(name)) issues.push({ path: name, message: "is required" });
      continue;
    }
    const problem = valueProblem(parameter, value);
    if (problem === null) values.push([name, value as ParameterValue]);
    else issues.push({ path: name, message: problem });
  }
  if (argvBytes(values.map(([, value]) => textOf(value))) > MAX_ARGV_BYTES)
    issues.push({ path: "", message: `expected at most ${MAX_ARGV_BYTES} bytes in all values together` });
  return { values: Object.fromEntries(values), issues };
}

export function parameterDefault(parameter: Parameter): ParameterValue | undefined {
  return parameter.default;
}

function undeclared(parameters: JobParameters | null): string {
  const names = namesOf(parameters);
  return names.length === 0
    ? "the job declares no parameters"
    : `is no parameter of this job; it has ${names.join(", ")}`;
}

/** What is wrong with a value; null: nothing. */
export function valueProblem(parameter: Parameter, value: unknown): string | null {
  switch (parameter.type) {
    case "string":
      return typeof value === "string"
        ? textProblem(parameter, value)
        : `expected text, found ${kindOf(value)}`;
    case "integer":
    case "number":
      return numberProblem(parameter, value);
    case "boolean":
      return typeof value === "boolean" ? null : `expected true or false, found ${kindOf(value)}`;
    default:
      return unreachable(parameter);
  }
}

function textProblem(parameter: TextParameter, value: string): string | null {
  const { minLength = 0, maxLength = MAX_VALUE_LENGTH } = parameter;
  const length = [...value].length;
  if (length > MAX_VALUE_LENGTH) return `expected at most ${MAX_VALUE_LENGTH} characters, found ${length}`;
  if (UNFIT.test(value))
    return "expected text without control characters (tabs and line ends are fine) and without halves of characters";
  if (isSecret(parameter) && value === "") return "expected a value, found an empty text";
  if (parameter.enum !== undefined && !parameter.enum.includes(value))
    return `expected one of ${parameter.enum.map(quoted).join(", ")}, found ${quoted(value)}`;
  if (parameter.format === "date" && !isDate(value))
    return `expected a date that exists, such as 2026-11-29, found ${quoted(value)}`;
  if (length < minLength) return `expected at least ${minLength} characters, found ${length}`;
  if (length > maxLength) return `expected at most ${maxLength} characters, found ${length}`;
  return null;
}

function numberProblem({ type, minimum, maximum }: NumberParameter, value: unknown): string | null {
  const what = type === "integer" ? "a whole number" : "a number";
  if (typeof value !== "number") return `expected ${what}, found ${kindOf(value)}`;
  if (!Number.isFinite(value))
    return `expected ${what} that can be written down, found one beyond all limits`;
  if (type === "integer" && !Number.isInteger(value)) return `expected ${what}, found ${value}`;
  if (type === "integer" && !Number.isSafeInteger(value))
    return `expected ${what} from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}, found ${value}`;
  if (minimum !== undefined && value < minimum) return `expected at least ${minimum}, found ${value}`;
  if (maximum !== undefined && value > maximum) return `expected at most ${maximum}, found ${value}`;
  return null;
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return value === undefined ? "nothing" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const MOST_QUOTED = 80;

function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text);
}
