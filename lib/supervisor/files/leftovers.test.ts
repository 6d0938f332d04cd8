import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JobId, RunId } from "@/lib/domain/ids";
import { moveCheckpointAside } from "@/lib/kinds/set-aside";
import { testFiles } from "@/test/file-access";
import { removeLeftovers } from "./leftovers";

const access = testFiles();
const RUN = { runId: "run_1" as RunId, jobId: "job" as JobId };
const places = (data: string) => ({ data, runAs: join(data, "_run-as") });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unstuck-leftovers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test.each([
  ["one file", "state.json", ["state.json"]],
  ["a glob", "state/*.json", ["state/a.json", "state/b.json"]],
  ["a glob for folders in between", "state/**/*.json", ["state/a.json", "state/deep/b.json"]],
  ["everything below", "state/**", ["state/a.json", "state/b.json"]],
])(
  "E5 what was moved aside for a deleted run is removed, and nothing else: %s",
  async (_, checkpoint, names) => {
    write(...names);
    await moveCheckpointAside(access, folder, checkpoint, "run_1");
    write(...names);
    await moveCheckpointAside(access, folder, checkpoint, "run_2");
    write(...names);
    expect(files()).toHaveLength(3 * names.length);
    const of = { ...RUN, lineageId: null, cwd: folder, checkpoint };
    const { removed, problems } = await removeLeftovers(access, places(join(folder, "data")), of);
    expect(problems).toEqual([]);
    expect(removed).toHaveLength(names.length);
    expect(files()).toEqual(names.flatMap((name) => [name, `${name}.before-run_2`]).sort());
  },
);

test("FR-A7 what was moved aside within a folder that cannot be renamed is removed, and what is there now stays", async () => {
  write("state/.before-run_1/page.json", "state/.before-run_2/page.json", "state/page.json");
  const of = { ...RUN, lineageId: null, cwd: folder, checkpoint: "state" };
  expect(await removeLeftovers(access, places(join(folder, "data")), of)).toMatchObject({ problems: [] });
  expect(files()).toEqual(["state/.before-run_2/page.json", "state/page.json"]);
});

test("E5 a folder that was moved aside is removed with all that is in it", async () => {
  write("state/deep/b.json");
  await moveCheckpointAside(access, folder, "state/**", "run_1");
  expect(files()).toEqual(["state/deep.before-run_1/b.json"]);
  const of = { ...RUN, lineageId: null, cwd: folder, checkpoint: "state/**" };
  expect(await removeLeftovers(access, places(join(folder, "data")), of)).toMatchObject({ problems: [] });
  expect(files()).toEqual([]);
});

test("a folder whose removal was cut off goes with its deleted run, and that of another run stays", async () => {
  write("runs/run_1.ended/claim", "runs/run_2.ended/claim");
  const of = { ...RUN, lineageId: null, cwd: folder, checkpoint: null };
  expect(await removeLeftovers(access, places(folder), of)).toMatchObject({ problems: [] });
  expect(files()).toEqual(["runs/run_2.ended/claim"]);
});
