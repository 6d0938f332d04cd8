import type { FormIssue, JobField } from "./job-form-values";
import type { FieldIssue } from "./problem";

const FIELD_OF_PATH: Readonly<Record<string, JobField>> = {
  id: "id",
  title: "title",
  kind: "kind",
  argv: "command",
  cwd: "cwd",
  env: "env",
  envSecret: "env",
  envRemove: "env",
  checkpoint: "checkpoint",
  pidFile: "pidFile",
  onSilence: "onSilence",
  locks: "locks",
  tags: "tags",
  priority: "priority",
  logCapBytes: "logCapBytes",
  logVia: "logVia",
  logEncoding: "logEncoding",
  resumeAfterShutdown: "resumeAfterShutdown",
  autoRecover: "autoRecover",
  stuckAfterMs: "stuckAfterMs",
  allowShort: "allowShort",
  onStuck: "onStuck",
  enabled: "enabled",
  "limits.memoryBytes": "memoryBytes",
  "limits.openFiles": "openFiles",
  "limits.nice": "nice",
  "timeouts.startMs": "startMs",
  "timeouts.silenceMs": "silenceMs",
  "timeouts.maxDurationMs": "maxDurationMs",
  "timeouts.stopGraceMs": "stopGraceMs",
  signals: "signals",
  "signals.to": "signalsTo",
};

/** Wire paths (`argv.0`, `timeouts.silenceMs`) → the fields on screen; what belongs to none is left over. */
export function toFormIssues(issues: readonly FieldIssue[]): {
  onFields: readonly FormIssue[];
  leftOver: readonly FieldIssue[];
} {
  const onFields: FormIssue[] = [];
  const leftOver: FieldIssue[] = [];
  for (const issue of issues) {
    const [first = "", second = ""] = issue.path.split(".");
    const field = FIELD_OF_PATH[`${first}.${second}`] ?? FIELD_OF_PATH[first];
    if (field === undefined) leftOver.push(issue);
    else onFields.push({ field, message: issueText(issue, first, second) });
  }
  return { onFields, leftOver };
}

/** Below a field that holds many values, name the one that is meant. */
function issueText({ message }: FieldIssue, first: string, second: string): string {
  const sentence = capitalised(message);
  return ["env", "envSecret"].includes(first) && second !== "" ? `${second}: ${message}` : sentence;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
