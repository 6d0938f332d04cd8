import type { Unsettled } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import { type DeepSight, seeRunWithRecovery } from "@/lib/services/commands/see-run";
import { inSlices } from "@/lib/turns";

type Needs = DeepSight & Pick<Unsettled, "saveVerdicts">;

/** Reads once what runs have left that did not end well, so that counting them needs no look at any checkpoint. */
export async function keepVerdicts(ctx: Needs, ended: readonly Run[]): Promise<void> {
  const read = await inSlices(
    ended.filter(({ unsettled }) => unsettled),
    async (run) => {
      const { verdict, resumeFrom } = (await seeRunWithRecovery(ctx, run)).recovery;
      return { runId: run.id, verdict, resumeFrom, at: ctx.now() };
    },
  );
  await ctx.saveVerdicts(read);
}
