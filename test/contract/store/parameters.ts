import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { sealWith } from "@/lib/auth/seal";
import { toRunSpec } from "@/lib/domain/job";
import { readParameters } from "@/lib/domain/parameter-schema";
import { beginDeletion, deleteRest } from "@/lib/store/job-deletion";
import { findJob } from "@/lib/store/jobs";
import { runSecretValues, secretParameters } from "@/lib/store/run-secrets";
import { enqueueRun, findRun } from "@/lib/store/runs";
import { sealAll } from "@/lib/store/seal-all";
import type { Store } from "@/lib/store/transaction";
import { aQueuedRun, nextRunId, T0 } from "@/test/factories";
import { apply, audit, CLAIMED, exited, givenJob, type OpenStore, opened, SPAWNED } from "./given";

const { parameters: DECLARED } = readParameters({
  type: "object",
  properties: {
    shop: { type: "string", title: "Shop" },
    constructor: { type: "integer", default: 3 },
    apiKey: { type: "string", format: "password", writeOnly: true },
    a: { type: "boolean" },
  },
  required: ["shop"],
});
const SECRETS = { apiKey: "v4lue-of-key", other: "line 1\nline 2" };

async function given(store: Store) {
  const job = await givenJob(store, { parameters: DECLARED });
  const spec = {
    ...toRunSpec(job, [], false),
    parameters: { shop: "a", constructor: 3, apiKey: true, other: true },
    parametersSecret: ["apiKey", "other"],
  };
  const run = aQueuedRun(job, { id: nextRunId(), spec });
  const start = () => audit("run.start_requested", { jobId: job.id, runId: run.id });
  await enqueueRun(store, job.id, () => ({ run, clean: null, secrets: SECRETS }), start, T0);
  return { job, run };
}

export function parametersContract(open: OpenStore): void {
  test("what a job declares, and what a run was given of it, are read as they were written, in their order", async () => {
    const store = await opened(open);
    const { job, run } = await given(store);
    const found = (await findJob(store, job.id))?.job.parameters;
    expect(found).toEqual(DECLARED);
    expect(Object.keys(found?.properties ?? {})).toEqual(Object.keys(DECLARED?.properties ?? {}));
    expect((await findRun(store, run.id))?.spec).toEqual(run.spec);
  });

  test("a row of before there were parameters has none, and of its runs none are known", async () => {
    const store = await opened(open);
    const { job, run } = await given(store);
    const { parameters: _, parametersSecret: _names, parametersBefore: _before, ...earlier } = run.spec;
    await store.change((db) => {
      db.update("Job", { id: job.id }, { parameters: null });
      db.update("Run", { id: run.id }, { spec: JSON.stringify(earlier) });
    });
    expect((await findJob(store, job.id))?.job.parameters).toBeNull();
    expect((await findRun(store, run.id))?.spec).toMatchObject({
      parameters: null,
      parametersSecret: [],
      parametersBefore: null,
    });
  });

  test("secret values are read for a launch and for a run that repeats it alone, and go with their run", async () => {
    const store = await opened(open);
    const { job, run } = await given(store);
    expect(await runSecretValues(store, run.id)).toEqual(SECRETS);
    expect(await secretParameters(store, run.id)).toEqual(SECRETS);
    const rows = [
      await store.read.run.findMany(),
      await store.read.runEvent.findMany(),
      await store.read.audit.findMany(),
      await store.read.job.findMany(),
    ];
    const text = JSON.stringify(rows, (_name, value) => (typeof value === "bigint" ? Number(value) : value));
    expect(text).toContain("apiKey");
    expect(text).not.toMatch(/v4lue-of-key|line 1/);
    await apply(store, run.id, CLAIMED, SPAWNED, exited(1));
    expect(await store.read.runSecret.count()).toBe(2);
    await beginDeletion(store, job.id, audit("job.deleted", { jobId: job.id }), T0);
    await deleteRest(store, job.id);
    expect(await store.read.runSecret.count()).toBe(0);
  });

  test("a start that is refused leaves no secret", async () => {
    const store = await opened(open);
    const { job } = await given(store);
    const run = aQueuedRun(job, { id: nextRunId() });
    const start = () => audit("run.start_requested", { jobId: job.id, runId: run.id });
    const answer = await enqueueRun(store, job.id, () => ({ run, clean: null, secrets: SECRETS }), start, T0);
    expect(answer).toMatchObject({ ok: false });
    expect(await store.read.runSecret.count()).toBe(2);
  });

  test("another key seals them again, and what it cannot open stays as it is", async () => {
    const [old, fresh, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
    const keyring = sealWith([old]);
    const store = { ...(await opened(open)), sealing: keyring };
    const { run } = await given(store);
    const sealed = () => store.read.runSecret.findMany({ orderBy: { name: "asc" } });
    const before = await sealed();
    expect(JSON.stringify(before)).not.toContain("v4lue");
    keyring.use([lost]);
    expect(await sealAll(store)).toMatchObject({ secrets: 0, unreadable: 2 });
    expect(await secretParameters(store, run.id)).toEqual({ apiKey: null, other: null });
    await expect(runSecretValues(store, run.id)).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
    keyring.use([fresh, old]);
    expect(await sealAll(store)).toMatchObject({ secrets: 2, unreadable: 0 });
    keyring.use([fresh]);
    expect(await runSecretValues(store, run.id)).toEqual(SECRETS);
    expect(await sealAll(store)).toMatchObject({ secrets: 0, unreadable: 0 });
    // One that is copied to another name does not open there.
    const [value] = (await sealed()).map((row) => row.value);
    await store.change((db) => db.update("RunSecret", { name: "other" }, { value: value ?? "" }));
    expect(await secretParameters(store, run.id)).toEqual({ apiKey: SECRETS.apiKey, other: null });
  });
}
