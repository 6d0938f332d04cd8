import { smellsOfMemoryLimit } from "@/lib/domain/memory-suspicion";
import { launchedSpec } from "@/lib/domain/state-place";
import { readExitRecord } from "../files/run-files";
import { whyItDidNotBegin } from "../launch/start-failure";
import { limitOfEachProcess } from "../watch/limits";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";

/**
 * What the host tells about an end, whatever the kind: a program that could not begin, a memory limit that may be why. In sentences;
 * null: nothing. Never throws.
 * @param said the evidence of the run's kind
 * @param lastWords what its log said last
 */
export async function withHostEvidence(
  ports: SupervisorPorts,
  { run, files, launcherExit }: Watched,
  said: string | null,
  lastWords: string | null,
): Promise<string | null> {
  const code = readExitRecord(files)?.status ?? launcherExit?.code ?? null;
  const began =
    run.spec.byHand === null
      ? await whyItDidNotBegin(ports.files.as(run.spec.runAs), launchedSpec(run), ports.handedOn, code)
      : null;
  const memory = smellsOfMemoryLimit(lastWords, limitOfEachProcess(files, run));
  const sentences = [said, began, memory].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(" ");
}
