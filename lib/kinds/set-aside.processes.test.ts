import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { judgeRecovery } from "@/lib/domain/recovery";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { AS_OTHER_USER, handOver, NO_OTHER_USER } from "@/test/other-user";
import { canMount } from "@/test/small-disk";
import { readCheckpoint } from "./checkpoint";
import { moveCheckpointAside, putBackWhatWasCutOff } from "./set-aside";

const files = testFiles();
let cwd: string;
let state: string;
beforeEach(() => {
  cwd = temporaryFolder();
  state = join(cwd, "state");
  mkdirSync(state);
});

const read = (path: string) => readFileSync(join(cwd, path), "utf8");
const write = (path: string, content: string) => {
  mkdirSync(join(cwd, path, ".."), { recursive: true });
  writeFileSync(join(cwd, path), content);
};

/** Unmounted with the test. */
function mount(...args: string[]): void {
  execFileSync("mount", args);
  onTestFinished(() => void execFileSync("umount", ["--lazy", args.at(-1) ?? ""]));
}

const tmpfs = (path: string, options = "size=1m") =>
  mount("-t", "tmpfs", "-o", options, "unstuck-test", path);

describe.skipIf(!canMount)(
  `FR-A7 a fresh start where the checkpoint is a mount point${canMount ? "" : " (skipped: mounting is not allowed here)"}`,
  () => {
    test("keeps what was in it below it, finds nothing to go on from, and a second one leaves the first's alone", async () => {
      tmpfs(state);
      write("state/page.json", '{"page":18}');
      write("state/deep/queue", "a");
      await moveCheckpointAside(files, cwd, "state", "run_2");
      expect(readdirSync(state)).toEqual([".before-run_2"]);
      expect([read("state/.before-run_2/page.json"), read("state/.before-run_2/deep/queue")]).toEqual([
        '{"page":18}',
        "a",
      ]);
      expect((await readCheckpoint(files, cwd, "state")).found).toBe("empty");
      write("state/page.json", '{"page":1}');
      expect(await readCheckpoint(files, cwd, "state")).toMatchObject({ found: "data", bytes: 10 });
      await moveCheckpointAside(files, cwd, "state", "run_3");
      expect(readdirSync(state).sort()).toEqual([".before-run_2", ".before-run_3"]);
      expect(read("state/.before-run_3/page.json")).toBe('{"page":1}');
    });

    test("moves more than one go can", async () => {
      tmpfs(state, "size=8m");
      for (let at = 0; at < 350; at += 1) write(`state/${at}`, String(at));
      await moveCheckpointAside(files, cwd, "state", "run_2");
      expect(readdirSync(state)).toEqual([".before-run_2"]);
      expect(readdirSync(join(state, ".before-run_2"))).toHaveLength(350);
    });

    test("that was cut off in the middle is undone by a start that goes on, and finished by one that begins anew", async () => {
      tmpfs(state);
      for (const name of ["a", "b", "c"]) write(`state/${name}`, name);
      const cutOff = () => files.setAside(state, ".before-run_2", 2);
      expect(await cutOff()).toBe(false);
      expect(readdirSync(join(state, ".before-run_2.part"))).toHaveLength(2);
      for (const kind of ["command", "crawlee", "scrapy"] as const)
        expect(
          judgeRecovery(await readCheckpoint(files, cwd, "state", kind), null, 0).verdict,
          kind,
        ).not.toBe("dead");
      await putBackWhatWasCutOff(files, cwd, "state");
      expect(readdirSync(state).sort()).toEqual(["a", "b", "c"]);
      await cutOff();
      await moveCheckpointAside(files, cwd, "state", "run_3");
      const kept = [".before-run_2", ".before-run_3"].map((name) => readdirSync(join(state, name)));
      expect(kept.flat().sort()).toEqual(["a", "b", "c"]);
      expect(readdirSync(state).sort()).toEqual([".before-run_2", ".before-run_3"]);
      await putBackWhatWasCutOff(files, cwd, "state");
      expect(readdirSync(state).sort(), "what is finished stays").toEqual([".before-run_2", ".before-run_3"]);
    });

    test("that was cut off is not undone over what a program has written since", async () => {
      tmpfs(state);
      for (const name of ["a", "b"]) write(`state/${name}`, "old");
      expect(await files.setAside(state, ".before-run_2", 1)).toBe(false);
      const [moved = ""] = readdirSync(join(state, ".before-run_2.part"));
      write(`state/${moved}`, "new");
      await putBackWhatWasCutOff(files, cwd, "state");
      expect([read(`state/${moved}`), read(`state/.before-run_2/${moved}`)]).toEqual(["new", "old"]);
    });

    test("is refused and undone where something in it cannot be moved either", async () => {
      tmpfs(state);
      write("state/a", "a");
      mkdirSync(join(state, "nested"));
      tmpfs(join(state, "nested"));
      write("state/z", "z");
      await expect(moveCheckpointAside(files, cwd, "state", "run_2")).rejects.toThrow(
        /^The checkpoint .*\/state cannot be set aside .* \(EBUSY\)\. Nothing was changed\.$/,
      );
      expect(readdirSync(state).sort()).toEqual(["a", "nested", "z"]);
    });

    test("is refused with what to do where it is a file that is mounted by itself", async () => {
      write("state.json", '{"page":18}');
      write("behind.json", '{"page":18}');
      mount("--bind", join(cwd, "behind.json"), join(cwd, "state.json"));
      await expect(moveCheckpointAside(files, cwd, "state.json", "run_2")).rejects.toThrow(
        "Mount its folder instead, or empty the file yourself. Nothing was changed.",
      );
      expect(read("state.json")).toBe('{"page":18}');
    });

    test("also works where its folder is read-only", async () => {
      const top = join(cwd, "top");
      mkdirSync(top);
      tmpfs(top);
      write("top/state/a", "a");
      tmpfs(join(top, "state"));
      write("top/state/a", "a");
      execFileSync("mount", ["-o", "remount,ro", top]);
      await moveCheckpointAside(files, top, "state", "run_2");
      expect(read("top/state/.before-run_2/a")).toBe("a");
    });
  },
);

const overlay = canMount && spawnSync("grep", ["-qw", "overlay", "/proc/filesystems"]).status === 0;

test.skipIf(!overlay)(
  `FR-A7 of a folder from an image, the lower layer of an overlay, the contents are kept below it${overlay ? "" : " (skipped: no overlay here)"}`,
  async () => {
    const base = join(cwd, "base");
    mkdirSync(base);
    tmpfs(base, "size=4m");
    for (const name of ["lower/state", "upper", "work", "merged"])
      mkdirSync(join(base, name), { recursive: true });
    write("base/lower/state/a", "a");
    const layers = ["lower", "upper", "work"].map((name) => `${name}dir=${join(base, name)}`).join(",");
    mount("-t", "overlay", "-o", `${layers},redirect_dir=off`, "overlay", join(base, "merged"));
    await moveCheckpointAside(files, join(base, "merged"), "state", "run_2");
    expect(read("base/merged/state/.before-run_2/a")).toBe("a");
    expect((await readCheckpoint(files, join(base, "merged"), "state")).found).toBe("empty");
  },
);

test.skipIf(NO_OTHER_USER !== null)(
  `FR-A7 a folder that is not ours to look into keeps nobody from starting${NO_OTHER_USER === null ? "" : ` (skipped: ${NO_OTHER_USER})`}`,
  () => {
    handOver(state);
    chmodSync(state, 0o300);
    chmodSync(cwd, 0o755);
    const module = pathToFileURL(join(import.meta.dirname, "../files/child/aside.mjs")).href;
    const code = `import { hasPart, putBack } from "${module}"; console.log(putBack("${state}", 9), hasPart("${state}"))`;
    const [command = "", ...args] = [...AS_OTHER_USER, process.execPath, "--input-type=module", "-e", code];
    expect(execFileSync(command, args, { encoding: "utf8" })).toBe("true false\n");
  },
);

test("FR-A7 what can be renamed is renamed, and of a checkpoint that is not there nothing is made", async () => {
  write("state/a", "a");
  await moveCheckpointAside(files, cwd, "state", "run_2");
  await moveCheckpointAside(files, cwd, "state", "run_3");
  await putBackWhatWasCutOff(files, cwd, "state");
  expect(readdirSync(cwd)).toEqual(["state.before-run_2"]);
  expect(read("state.before-run_2/a")).toBe("a");
});
