type Audit = { actor: string; action: string; details: { name: string } };
type Needs = {
  readonly actor: string;
  now(): number;
  removeLimit(name: string, audit: Audit, now: number): Promise<boolean>;
  nudge(): void;
};

/** Removing one that is not there is no error: what was wanted is so. */
export async function removeLimit(ctx: Needs, name: string): Promise<void> {
  const audit = { actor: ctx.actor, action: "limit.removed", details: { name } };
  if (await ctx.removeLimit(name, audit, ctx.now())) ctx.nudge();
}
