import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { inDatabase } from "../doctored";
import { operator } from "../operator";
import { program } from "../programs";
import { cleanUp, ONE_CALL, startServer } from "../server";

afterAll(cleanUp);

const ROOT = join(import.meta.dirname, "../..");

/** As users start it: nothing is there yet, and nothing waits to be asked for. */
const AS_IT_IS = { first: true, env: { UNSTUCK_TEST_PAGES: "" } };

test("a first start makes the database with every migration, and its API and its pages answer", async () => {
  const server = await startServer(AS_IT_IS);
  const applied = inDatabase(server.dataDir, (database) =>
    database
      .prepare('SELECT "migration_name" FROM "_prisma_migrations" ORDER BY "migration_name"')
      .pluck()
      .all(),
  );
  expect(applied).toEqual(
    globSync("*/migration.sql", { cwd: join(ROOT, "prisma/migrations") })
      .map((file) => file.split("/")[0])
      .sort(),
  );
  const op = operator(server);
  await op.makeJob("first", program("exits-with", 0));
  const { id } = await op.start("first");
  expect(await op.over(id)).toMatchObject({ state: "completed", exitCode: 0 });
  const page = await fetch(`${server.origin}/runs/${id}`, { headers: ONE_CALL });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain(id);
  expect(await server.stop()).toBe(0);
});
