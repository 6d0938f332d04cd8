import type { RunView } from "@/lib/contracts/run";
import { parameterDefault, readValues, valueProblem } from "@/lib/domain/parameter-values";
import {
  findParameter,
  isSecret,
  type JobParameters,
  namesOf,
  type Parameter,
  type ParameterValue,
  textOf,
} from "@/lib/domain/parameters";
import type { FieldIssue } from "./problem";

/** The form of a start as it is typed; a switch is `true` or `false`. A text that is left blank is not given. */
export type ParameterDraft = Readonly<Record<string, string>>;

type Before = Pick<RunView, "parameters" | "parametersSecret"> | null;

/** What the run before was given, where that still fits; else the defaults. A secret is never filled in. */
export function draftOf(parameters: JobParameters, before: Before): ParameterDraft {
  return Object.fromEntries(
    namesOf(parameters).map((name) => {
      const parameter = findParameter(parameters, name);
      const value = parameter === null ? undefined : valueBefore(parameter, name, before);
      return [name, value === undefined ? blank(parameter) : textOf(value)];
    }),
  );
}

function valueBefore(parameter: Parameter, name: string, before: Before): ParameterValue | undefined {
  const { parameters = null, parametersSecret = [] } = before ?? {};
  const isShown = parameters !== null && Object.hasOwn(parameters, name) && !parametersSecret.includes(name);
  const value = isShown && !isSecret(parameter) ? parameters[name] : undefined;
  return value !== undefined && valueProblem(parameter, value) === null ? value : parameterDefault(parameter);
}

function blank(parameter: Parameter | null): string {
  return parameter?.type === "boolean" ? "false" : "";
}

export type DraftReading =
  | { readonly ok: true; readonly values: Readonly<Record<string, ParameterValue>> }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] };

const NUMBER = /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/** By the rules of the server, before it is asked. */
export function readDraft(parameters: JobParameters, draft: ParameterDraft): DraftReading {
  const typed = namesOf(parameters).filter((name) => (draft[name] ?? "") !== "");
  const noNumbers = typed.filter((name) => {
    const { type } = findParameter(parameters, name) ?? {};
    return (type === "integer" || type === "number") && !NUMBER.test((draft[name] ?? "").trim());
  });
  const given = typed.map((name) => [name, valueIn(findParameter(parameters, name), draft[name] ?? "")]);
  const values = Object.fromEntries(given) as Record<string, ParameterValue>;
  const { issues } = readValues(parameters, values);
  if (issues.length === 0) return { ok: true, values };
  return {
    ok: false,
    issues: issues.map(({ path, message }) => ({
      path,
      message: noNumbers.includes(path) ? `expected a number, found “${draft[path]}”` : message,
    })),
  };
}

/** What is no number stays text, and is refused as that. */
function valueIn(parameter: Parameter | null, text: string): ParameterValue {
  if (parameter?.type === "boolean") return text === "true";
  const isNumber = parameter?.type === "integer" || parameter?.type === "number";
  return isNumber && NUMBER.test(text.trim()) ? Number(text) : text;
}

/** As a sentence at its field. */
export function issueAtField(message: string): string {
  if (message === "is required") return "Required.";
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
