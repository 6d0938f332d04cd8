import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "./open";
import { nameOf, SLOW_MS, type SlowStatement } from "./slow-statements";

test("CR-6.8 a statement that holds up the others is told with its name and its time, and without its values", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
  const slow: SlowStatement[] = [];
  const store = await openStore(process.cwd(), join(folder, "unstuck.db"), {
    slow: (statement) => slow.push(statement),
  });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  slow.length = 0;
  // Counts until a second has surely gone by, on a fast machine too.
  const secret = 3_000_000;
  await store.read.$queryRaw`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${secret})
    SELECT count(*) FROM "Run", n`;
  await store.write(
    (tx) => tx.$executeRaw`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${secret})
    UPDATE "Worker" SET "epoch" = (SELECT max(i) FROM n)`,
  );
  await store.change(
    (db) => db.change`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${secret})
    DELETE FROM "Alert" WHERE "id" = (SELECT max(i) FROM n)`,
  );
  await store.read.job.count();
  const named = slow.map(({ name }) => name);
  expect(named).toContain("WITH Run");
  expect(named, "prepared statements too").toContain("WITH Alert");
  expect(named).not.toContain("SELECT Job");
  for (const { ms, sql } of slow) {
    expect(ms).toBeGreaterThanOrEqual(SLOW_MS);
    expect(sql).not.toContain(String(secret));
  }
});

test("a statement is named by what it does to which table", () => {
  expect(nameOf('SELECT "Run".* FROM "Run" WHERE TRUE')).toBe("SELECT Run");
  expect(nameOf("\n  INSERT INTO `main`.`Audit` (`at`) VALUES (?)")).toBe("INSERT Audit");
  expect(nameOf('UPDATE "Run" SET "state" = ?')).toBe("UPDATE Run");
  expect(nameOf("COMMIT")).toBe("COMMIT");
});
