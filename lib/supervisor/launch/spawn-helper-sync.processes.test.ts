import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OURS, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { NO_STRACE } from "@/test/strace";
import { until } from "@/test/until";

const SCRIPT = join(import.meta.dirname, "spawner.mjs");

/** The helper, with what it syncs written down. */
function tracedHelper() {
  const folder = temporaryFolder();
  const [log, calls] = [join(folder, "run.log"), join(folder, "calls")];
  writeFileSync(log, "");
  const { dev, ino } = statSync(log);
  const trace = ["-f", "-qq", "-y", "-e", "trace=fsync,fdatasync", "-o", calls];
  const helper = startChild("strace", [...trace, process.execPath, SCRIPT], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let said = "";
  helper.process.stdout?.on("data", (text) => {
    said += text;
  });
  return {
    record: (name: string) => join(folder, name),
    order(record: string, script = "exit 0"): void {
      const command = ["/bin/sh", "-c", script];
      const of = { id: 1, command, env: { UNSTUCK_RUN: OURS }, log: { path: log, dev, ino }, record };
      helper.process.stdin?.write(`${JSON.stringify(of)}\n`);
    },
    exits: () => said.split('"exit":').length - 1,
    synced: () => {
      const lines = existsSync(calls) ? readFileSync(calls, "utf8").split("\n") : [];
      return lines.flatMap((line) => /sync\(\d+<(.*)>\)/.exec(line)?.[1] ?? []);
    },
    async end(): Promise<void> {
      helper.process.stdin?.end();
      await helper.ended;
    },
  };
}

describe.skipIf(NO_STRACE !== "")(`an exit record${NO_STRACE}`, () => {
  test("that is still there after a while is put on the disk", async () => {
    const { record, order, synced, end } = tracedHelper();
    writeFileSync(record("kept"), "0 0 0\n");
    order(record("gone"));
    order(record("kept"));
    await until("a file was synced", () => synced().length > 0);
    await end();
    expect(synced()).toEqual([record("kept")]);
  });

  test("is put on the disk at once when the dashboard goes, and that of a killed launcher never", async () => {
    const { record, order, exits, synced, end } = tracedHelper();
    for (const name of ["written", "killed"]) writeFileSync(record(name), "0 0 0\n");
    order(record("killed"), "kill -9 $$");
    order(record("written"));
    await until("both exits were told", () => exits() === 2);
    await end();
    expect(synced()).toEqual([record("written")]);
  });
});
