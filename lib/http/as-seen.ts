import { mentionsIn, withoutOthers } from "@/lib/domain/others-hidden";
import { requestContext, seesPart, statusBoard } from "@/lib/runtime";

/**
 * What is answered to someone who may see some jobs only, without the ids of other jobs and their runs: the one that holds a lock, or that a pid
 * file names. That there is one stays, as do the lock and the file, which are their own job's. For answers of the API, and for what pages are
 * rendered with; everyone else gets it as it is.
 */
export async function asSeen<Json>(json: Json): Promise<Json> {
  if (!seesPart()) return json;
  const { runs, jobs } = mentionsIn(json);
  const { statuses } = await statusBoard().now();
  const visible = new Set(statuses.map(({ job }) => job.id));
  const known = new Set(statuses.flatMap(({ newest }) => newest?.run.id ?? []));
  const ctx = requestContext();
  const found = await Promise.all(
    [...runs].filter((id) => !known.has(id)).map(async (id) => ({ id, run: await ctx.findRun(id) })),
  );
  return withoutOthers(json, {
    runs: new Set(found.filter(({ run }) => run !== null && !visible.has(run.jobId)).map(({ id }) => id)),
    gone: new Set(found.filter(({ run }) => run === null).map(({ id }) => id)),
    jobs: new Set([...jobs].filter((id) => !visible.has(id))),
  }) as Json;
}

/** The same for an answer that is made already. Logs and files are what programs have written, and stay so. */
export async function answerAsSeen(answer: Response): Promise<Response> {
  if (!seesPart() || !/^application\/(?:problem\+)?json/.test(answer.headers.get("content-type") ?? ""))
    return answer;
  const body = JSON.stringify(await asSeen(await answer.json()));
  const { status, headers } = answer;
  return new Response(body, { status, headers });
}
