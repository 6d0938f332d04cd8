import type { Demand } from "./route";

type Stopping = { readonly force?: boolean | undefined; readonly graceMs?: number | undefined };

/** By force: what was not saved is lost, or something alive goes on beside the next one. No time to end in is force by another name. */
export function byForce({ body }: { readonly body: Stopping }): Demand | null {
  if (body.force === true) return { role: "admin", what: "Force" };
  return body.graceMs === undefined
    ? null
    : { role: "admin", what: "A grace period other than the job's own" };
}

/** Arguments that are not the job's own run whatever they say, with everything the program can do. */
export function freeArguments(input: {
  readonly body: { readonly args?: readonly string[] | undefined };
}): Demand | null {
  const { args = [] } = input.body;
  return args.length > 0 ? { role: "admin", what: "A start with arguments of your own" } : null;
}
