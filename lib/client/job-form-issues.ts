import { EMPTY_JOB, type FormIssue, type JobField } from "./job-form-values";
import { parameterIssueText } from "./parameter-rows";
import type { FieldIssue } from "./problem";

/** Fields of the screen that have another name on the wire. */
const OTHER_NAMES: Readonly<Record<string, JobField>> = {
  argv: "command",
  envSecret: "env",
  envRemove: "env",
  "signals.to": "signalsTo",
};
/** What is below these on the wire are fields of their own on the screen. */
const GROUPS = ["limits", "timeouts"];

function fieldOf(first: string, second: string): JobField | undefined {
  const name = GROUPS.includes(first) ? second : first;
  return OTHER_NAMES[`${first}.${second}`] ?? OTHER_NAMES[first] ?? (isField(name) ? name : undefined);
}

function isField(name: string): name is JobField {
  return Object.hasOwn(EMPTY_JOB, name);
}

/** Wire paths (`argv.0`, `timeouts.silenceMs`) → the fields on screen; what belongs to none is left over. */
export function toFormIssues(issues: readonly FieldIssue[]): {
  onFields: readonly FormIssue[];
  leftOver: readonly FieldIssue[];
} {
  const onFields: FormIssue[] = [];
  const leftOver: FieldIssue[] = [];
  for (const issue of issues) {
    const [first = "", second = ""] = issue.path.split(".");
    const field = fieldOf(first, second);
    if (field === undefined) leftOver.push(issue);
    else onFields.push({ field, message: issueText(issue, first, second) });
  }
  return { onFields: withParametersAtOnce(onFields), leftOver };
}

/** What is wrong with several parameters is one text of the field, a line each: each row finds its own. */
function withParametersAtOnce(issues: readonly FormIssue[]): readonly FormIssue[] {
  const own = issues.filter(({ field }) => field === "parameters");
  if (own.length < 2) return issues;
  const message = own.map((issue) => issue.message).join("\n");
  return [...issues.filter(({ field }) => field !== "parameters"), { field: "parameters", message }];
}

/** Below a field that holds many values, name the one that is meant. */
function issueText({ path, message }: FieldIssue, first: string, second: string): string {
  if (first === "parameters") return parameterIssueText(path.slice("parameters.".length), message);
  const sentence = capitalised(message);
  return ["env", "envSecret", "envFrom"].includes(first) && second !== ""
    ? `${second}: ${message}`
    : sentence;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
