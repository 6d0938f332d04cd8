import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { operator } from "../operator";
import { NO_OTHER_USER, OTHER } from "../other-user";
import { cleanUp, newDataDir, startServer } from "../server";

describe.skipIf(NO_OTHER_USER)("a data folder that is opened to the users of jobs", () => {
  afterAll(cleanUp);

  test("closes what its own mode alone has kept from them, and follows no link for that", async () => {
    const dataDir = newDataDir();
    const elsewhere = newDataDir();
    chmodSync(elsewhere, 0o755);
    mkdirSync(join(dataDir, "kept"));
    chmodSync(join(dataDir, "kept"), 0o755);
    writeFileSync(join(dataDir, "kept/report.txt"), "for the owner\n");
    writeFileSync(join(dataDir, "notes.txt"), "for the owner\n");
    chmodSync(join(dataDir, "notes.txt"), 0o644);
    symlinkSync(elsewhere, join(dataDir, "link"));
    const server = await startServer({ dataDir, env: { UNSTUCK_RUN_AS: "" } });
    const op = operator(server);
    const ask = `cat '${dataDir}/kept/report.txt' '${dataDir}/notes.txt' 2>/dev/null; echo tried`;
    await op.makeJob("reads", ["sh", "-c", ask], { runAs: OTHER, cwd: "/" });
    const run = await op.over((await op.start("reads")).id);
    expect(run).toMatchObject({ state: "completed" });
    expect(String(await op.log(run.id))).toBe("tried\n");
    expect(statSync(elsewhere).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(dataDir, "notes.txt"), "utf8")).toBe("for the owner\n");
    await server.stop();
  });
});
