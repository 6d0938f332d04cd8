import { expect, test } from "vitest";
import { aJob, aQueuedRun, jobId } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { someProcesses } from "@/test/some-processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { createSupervisor } from "../supervisor";

test("CR-6.13 a run that cannot be claimed holds up none of those behind it", async () => {
  const folder = temporaryFolder();
  const argv = [`${folder}/not-there`];
  const [first, second] = ["a", "b"].map((id) => aQueuedRun(aJob({ id: jobId(id), argv, cwd: folder })));
  if (first === undefined || second === undefined) throw new Error("Two were made.");
  const { records, rows } = someRecords(first, second);
  const claim: typeof records.claim = async (id, event) => {
    if (id === first.id) throw new Error("database is locked");
    return records.claim(id, event);
  };
  const supervisor = createSupervisor(
    supervisorPorts(folder, { ...records, claim }, { processes: someProcesses([]) }),
  );
  await supervisor.start();
  await until("the second was tried", () => rows.get(second.id)?.state === "failed");
  expect(rows.get(first.id)?.state).toBe("queued");
  await supervisor.shutdown();
});
