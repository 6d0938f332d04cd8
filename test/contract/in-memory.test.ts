import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import type { Repositories } from "@/lib/domain/ports/ports";
import { settleEnvironment } from "@/lib/store/environment";
import { openStore } from "@/lib/store/open";
import { repositoriesOf } from "@/lib/store/repositories";
import { T0, WORKER } from "@/test/factories";
import { HOST_INSTANCE } from "@/test/memory/host";
import { memoryRepositories } from "@/test/memory/repositories";
import { noTables } from "@/test/memory/tables";
import { ACCOUNTS } from "./in-memory/accounts";
import { ADOPTED, FIFTH, FIRST, FOURTH, SECOND, SIXTH, THIRD } from "./in-memory/given";
import { IDENTITIES } from "./in-memory/identities";
import { JOBS, STARTS } from "./in-memory/jobs-and-starts";
import { PLANS, RECOVERY } from "./in-memory/recoveries-and-plans";
import { REST } from "./in-memory/rest";

/**
 * Unit tests of services stand on the ports in test/memory. Here the same calls go to them and to the real store, one after the
 * other, and every answer is compared; so are the histories and the audit at the end.
 */

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
let store: Awaited<ReturnType<typeof openStore>>;
const clock = { at: T0 };
beforeAll(async () => {
  store = await openStore(process.cwd(), join(folder, "real.db"));
  await settleEnvironment(store, [], T0);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a call has answered, or with which code it was refused. */
async function answerOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AppError) return { refused: error.code };
    throw error;
  }
}

test("the ports in memory answer as the real store does, and leave the same behind", async () => {
  const tables = noTables();
  const real = repositoriesOf(store, () => clock.at, { id: WORKER, hostInstance: HOST_INSTANCE });
  const memory = memoryRepositories(tables, () => clock.at);
  for (const [says, call] of [
    ...JOBS,
    ...STARTS,
    ...RECOVERY,
    ...PLANS,
    ...REST,
    ...ACCOUNTS,
    ...IDENTITIES,
  ]) {
    clock.at += 10;
    const expected = await answerOf(call(real));
    expect(await answerOf(call(memory)), says).toEqual(expected);
  }
  for (const run of [FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, ADOPTED]) {
    expect(await historyOf(memory, run.id), run.id).toEqual(await historyOf(real, run.id));
    expect(await memory.findRun(run.id)).toEqual(await real.findRun(run.id));
  }
  const written = await store.read.audit.findMany({ orderBy: { id: "asc" } });
  expect(
    tables.audits.map(({ at, actor, action, jobId: job, runId: run, reason, details, refused, by }) => ({
      at,
      actor,
      action,
      jobId: job ?? null,
      runId: run ?? null,
      reason: reason ?? null,
      details: details ?? {},
      via: by?.via ?? null,
      viaId: by?.viaId ?? null,
      address: by?.address ?? null,
      outcome: refused === true ? "refused" : "done",
    })),
  ).toEqual(
    written.map(({ id: _, at, details, ...row }) => ({
      ...row,
      at: at.getTime(),
      details: JSON.parse(details),
    })),
  );
});

async function historyOf(ports: Repositories, id: RunId) {
  const events = await ports.listEvents(id, { after: 0, limit: 100 });
  return events.map(({ at, type, data }) => ({ at, type, data }));
}
