import type { Demand } from "./route";

/** By force: what was not saved is lost, or something alive goes on beside the next one. */
export function byForce(input: { readonly body: { readonly force?: boolean | undefined } }): Demand | null {
  return input.body.force === true ? { role: "admin", what: "Force" } : null;
}

/** Arguments that are not the job's own run whatever they say, with everything the program can do. */
export function freeArguments(input: {
  readonly body: { readonly args?: readonly string[] | undefined };
}): Demand | null {
  const { args = [] } = input.body;
  return args.length > 0 ? { role: "admin", what: "A start with arguments of your own" } : null;
}
