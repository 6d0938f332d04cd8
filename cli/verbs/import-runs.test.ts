import { expect, test } from "vitest";
import type { Context } from "../program.mjs";
import { run } from "./import-runs.mjs";

const imported = (file: string, options: Record<string, unknown> = {}) =>
  run({} as Context, { args: [file], options: { map: [], stateMap: [], ...options } } as never);

test("FR-A9 what comes through a pipe or a descriptor has no name to be known again by: --source is asked for", async () => {
  for (const file of ["/dev/null", "/proc/self/fd/0", "-"])
    await expect(imported(file), file).rejects.toThrow(/^Expected --source NAME.*Nothing was read\.$/);
  await expect(imported("/dev/null", { source: "old" })).rejects.toThrow(/Expected rows in \/dev\/null/);
  await expect(imported("no such file")).rejects.toThrow("There is no file no such file.");
});
