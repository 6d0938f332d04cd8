import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { accountOf, NO_OTHER_USER, OTHER } from "../other-user";
import { startRunAsServer } from "../run-as-server";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

const { uid, gid } = accountOf(OTHER);
/** What a program may leave so that it cannot be removed by its path, or by its owner as it is. */
const LEFT = {
  "more files than are named at once": "i=0; while [ $i -lt 1100 ]; do : >f$i; i=$((i+1)); done",
  "folders that their owner may not enter": "mkdir -p a/b; : >a/b/c; chmod 0 a/b a .",
  "folders deeper than any path reaches":
    "perl -e '$n = \"d\" x 200; for (1..60) { mkdir $n; chdir $n or die }'",
  "names that are no text": `perl -e 'mkdir "a\\nb\\xfe"; open F, ">\\xff\\xfe"; open F, ">a\\nb\\xfe/\\xff"'`,
  "a link to a folder": "ln -s / link",
};

describe.skipIf(NO_OTHER_USER)("what a job of another user leaves behind", () => {
  let server: TestServer;
  let op: Operator;
  let folder: string;

  beforeAll(async () => {
    ({ server, op, folder } = await startRunAsServer());
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  const itsFolder = (id: string) => join(server.dataDir, "_run-as", OTHER, "_runs", id);
  const theirs = (more: Record<string, unknown> = {}) => ({ runAs: OTHER, cwd: folder, ...more });

  test.each(Object.entries(LEFT))(
    "in the place of its progress is removed with its run: %s",
    async (what, left) => {
      const job = `progress-${Object.keys(LEFT).indexOf(what)}`;
      await op.makeJob(
        job,
        ["sh", "-c", `cd "$(dirname "$UNSTUCK_PROGRESS_FILE")" || exit 1; ${left}`],
        theirs(),
      );
      const run = await op.over((await op.start(job)).id);
      expect(run).toMatchObject({ state: "completed" });
      await until("its folder is gone", () => !existsSync(itsFolder(run.id)));
      await until("ours are gone", () => readdirSync(join(server.dataDir, "runs")).length === 0);
    },
  );

  test.each(Object.entries(LEFT))(
    "in the folder of its lineage is removed with it: %s",
    async (what, left) => {
      const job = `lineage-${Object.keys(LEFT).indexOf(what)}`;
      const go = `mkdir -p "$CRAWLEE_STORAGE_DIR"; cd "$CRAWLEE_STORAGE_DIR" || exit 1; ${left}`;
      await op.makeJob(job, ["sh", "-c", go], theirs({ kind: "crawlee" }));
      const { id } = await op.over((await op.start(job)).id);
      const lineage = join(server.dataDir, "_run-as", OTHER, job, "lineages", id);
      expect(existsSync(lineage)).toBe(true);
      await op.over((await op.start(job, { mode: "fresh" })).id);
      const plan = await op.call("POST", "/api/v1/deletion/plans", 201, { job, olderThanHours: 0 });
      await op.call("POST", `/api/v1/deletion/plans/${plan.id}/apply`, 202, {
        confirm: job,
        reason: "Test.",
      });
      await until("it is gone", () => !existsSync(lineage));
    },
  );

  test("is removed by the next start where the dashboard died before it could", async () => {
    await op.makeJob("cut-off", ["true"], theirs());
    const { id } = await op.over((await op.start("cut-off")).id);
    await until("its folder is gone", () => !existsSync(itsFolder(id)));
    await server.stop();
    mkdirSync(itsFolder(id), { mode: 0o700 });
    writeFileSync(join(itsFolder(id), "progress.json"), "{}");
    chownSync(itsFolder(id), uid, gid);
    server = await startServer({ dataDir: server.dataDir, env: { UNSTUCK_RUN_AS: "" } });
    op = operator(server);
    await until("its folder is gone", () => !existsSync(itsFolder(id)));
  });
});
