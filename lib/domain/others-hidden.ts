import { type JobId, parseJobId, parseRunId, RUN_ID_IN_TEXT, type RunId } from "./ids";

/** What an answer names. */
export type Mentions = { readonly runs: ReadonlySet<RunId>; readonly jobs: ReadonlySet<JobId> };
/** What of it is not to be seen by who gets the answer. `gone`: runs that were deleted, so whose they were is not known any more. */
export type Hidden = Mentions & { readonly gone: ReadonlySet<RunId> };

/** As sentences of ours name a run: alone, as `run run_…`, and with the job it is of. */
const RUN_IN_SENTENCE = new RegExp(`(?:\\b[Rr]un )?\\b${RUN_ID_IN_TEXT}\\b(?: of job "[^"]*")?`, "g");
const RUN_ID = new RegExp(`\\b${RUN_ID_IN_TEXT}\\b`);
const JOB_IN_SENTENCE = /\b([Jj])ob "([^"]+)"/g;

/** Fields whose value is the id of a job, or a list of them. */
const JOB_FIELDS: readonly string[] = ["job", "jobId", "jobs"];
/** What people have set and programs have said stands there as it is: an id in it is not our word. */
const VERBATIM: readonly string[] = [
  ...["args", "argv", "checkpoint", "cwd", "env", "envFrom", "envSecret", "lastWords", "locks", "message"],
  ...["pidFile", "tags", "title"],
];

/** Every run and every job that some JSON names, in sentences and in fields. */
export function mentionsIn(json: unknown): Mentions {
  const runs = new Set<RunId>();
  const jobs = new Set<JobId>();
  const addJob = (text: string) => {
    const id = parseJobId(text);
    if (id !== null) jobs.add(id);
  };
  withStrings(json, (text, field) => {
    for (const [found] of text.matchAll(RUN_IN_SENTENCE)) runs.add(runIn(found));
    for (const [, , id = ""] of text.matchAll(JOB_IN_SENTENCE)) addJob(id);
    if (isJobField(field)) addJob(text);
    return text;
  });
  return { runs, jobs };
}

/**
 * The same JSON without what is hidden: in sentences it is another one, in a field null, and in a list it is left out. Fields name deleted runs of
 * the job they are about, so those stay.
 */
export function withoutOthers(json: unknown, { runs, jobs, gone }: Hidden): unknown {
  return withStrings(json, (text, field) => {
    const run = parseRunId(text);
    if (run !== null) return runs.has(run) ? null : text;
    if (isJobField(field) && jobs.has(text as JobId)) return null;
    return text
      .replaceAll(RUN_IN_SENTENCE, (found) => {
        const id = runIn(found);
        if (runs.has(id)) return `${article(found)} run of another job`;
        return gone.has(id) ? `${article(found)} deleted run` : found;
      })
      .replaceAll(JOB_IN_SENTENCE, (found, letter: string, id: string) =>
        jobs.has(id as JobId) ? `${letter === "J" ? "Another" : "another"} job` : found,
      );
  });
}

function article(sentence: string): string {
  return sentence.startsWith("R") ? "A" : "a";
}

function runIn(sentence: string): RunId {
  return (RUN_ID.exec(sentence)?.[0] ?? "") as RunId;
}

function isJobField(field: string): boolean {
  return JOB_FIELDS.includes(field);
}

/** @param change null: there is nothing to say */
function withStrings(
  json: unknown,
  change: (text: string, field: string) => string | null,
  field = "",
): unknown {
  if (typeof json === "string") return change(json, field);
  if (Array.isArray(json))
    return json.flatMap((item: unknown) => {
      const changed = withStrings(item, change, field);
      return changed === null && item !== null ? [] : [changed];
    });
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      VERBATIM.includes(name) ? value : withStrings(value, change, name),
    ]),
  );
}
