type Limit = { readonly name: string; readonly maxRuns: number };
type Audit = { actor: string; action: string; details: Limit };
type Needs = {
  readonly actor: string;
  now(): number;
  setLimit(limit: Limit, audit: Audit, now: number): Promise<void>;
  nudge(): void;
};

/** Lowering a limit ends nothing; raising it starts at once what waited for it. */
export async function setLimit(ctx: Needs, { name, maxRuns }: Limit): Promise<Limit> {
  const limit = { name, maxRuns };
  await ctx.setLimit(limit, { actor: ctx.actor, action: "limit.set", details: limit }, ctx.now());
  ctx.nudge();
  return limit;
}
