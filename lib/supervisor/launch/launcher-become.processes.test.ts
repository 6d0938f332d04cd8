import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, type Launcher, SHELLS, type Shell, startLauncherOn } from "@/test/launcher";
import { accountOf, NO_OTHER_USER, OTHER } from "@/test/other-user";
import { readExitRecord, runFiles } from "../files/run-files";
import { becomeOrder, findSetpriv } from "./become";
import { leaveForUser } from "./program-env";

const account = { name: OTHER, ...accountOf(OTHER) };
const PATH = process.env.PATH ?? "";

type Given = { readonly env?: Record<string, string>; readonly limits?: string; readonly cwdMode?: number };

describe.skipIf(NO_OTHER_USER).each(SHELLS)("in $name the launcher of another user's program", (shell) => {
  test.skipIf(!isInstalled(shell))(
    "gives up all of root before the program, which has its environment byte for byte",
    async () => {
      const odd = `it's "odd" $HOME \`x\`\n\\ ü`;
      const env = { ODD: odd, IFS: "/", OPTIND: "7", PATH: "/usr/bin:/bin:/odd", LANG: "C.UTF-8" };
      const ask = `printf '%s|' "$ODD" "$PATH" "$LANG" "\${LC_ALL-none}" "\${OLDPWD-none}" "\${UNSTUCK_BECOME-none}" "\${UNSTUCK_SH_ENV-none}" "$UNSTUCK_PROGRESS_FILE"; echo; grep -E '^(Uid|Gid|Groups|CapEff|CapPrm|CapInh|CapAmb):' /proc/self/status`;
      const launcher = launch(shell, ["/bin/sh", "-c", ask], { env });
      expect((await launcher.ended).code, launcher.log()).toBe(0);
      const [first = "", ...rest] = launcher.log().split("|\n");
      expect(first.split("|")).toEqual([
        odd,
        env.PATH,
        "C.UTF-8",
        "none",
        "none",
        "none",
        "none",
        "/its/own",
      ]);
      const status = rest.join("").replaceAll(/\s+/g, " ");
      const { uid, gid } = account;
      expect(status).toContain(
        `Uid: ${uid} ${uid} ${uid} ${uid} Gid: ${gid} ${gid} ${gid} ${gid} Groups: ${gid} `,
      );
      for (const name of ["CapInh", "CapPrm", "CapEff", "CapAmb"])
        expect(status).toMatch(new RegExp(`${name}: 0+\\b`));
      expect(existsSync(join(launcher.files.folder, "env"))).toBe(false);
      expect(readExitRecord(launcher.files)).toMatchObject({ status: 0 });
    },
  );

  test.skipIf(!isInstalled(shell))("hands on none of root's open files", async () => {
    // Closed for the look itself: ls has one for the folder.
    const launcher = launch(holding(shell), [
      "/bin/sh",
      "-c",
      "for fd in /proc/$$/fd/[3-9]; do readlink $fd; done; true",
    ]);
    expect((await launcher.ended).code).toBe(0);
    expect(launcher.log()).toBe("");
  });

  test.skipIf(!isInstalled(shell))(
    "tells the program's own exit code, and keeps its niceness and limits",
    async () => {
      const limits = "files 77\nnice 5 5\n";
      const launcher = launch(shell, ["/bin/sh", "-c", "nice; ulimit -n; exit 7"], { limits });
      expect((await launcher.ended).code, launcher.log()).toBe(7);
      expect(launcher.log()).toBe("5\n77\n");
      expect(readExitRecord(launcher.files)).toMatchObject({ status: 7 });
    },
  );

  test.skipIf(!isInstalled(shell))("runs nothing in a folder that the user may not enter", async () => {
    const launcher = launch(shell, ["/bin/touch", "/proc/self/fd/1"], { cwdMode: 0o700 });
    expect((await launcher.ended).code).toBe(125);
    expect(readExitRecord(launcher.files)).toMatchObject({ status: 125 });
  });
});

/** With the same shell for the user's own part. */
function launch(
  shell: Shell,
  argv: readonly string[],
  { env = {}, limits, cwdMode = 0o755 }: Given = {},
): Launcher {
  const folder = temporaryFolder();
  const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
  const bin = join(folder, "bin");
  for (const made of [files.folder, join(folder, "exits"), bin]) mkdirSync(made, { recursive: true });
  symlinkSync(
    join("/usr/bin", shell.command.join(" ").match(/busybox|bash|dash/)?.[0] ?? ""),
    join(bin, "sh"),
  );
  chmodSync(folder, cwdMode);
  if (limits !== undefined) writeFileSync(join(files.folder, "limits"), limits);
  leaveForUser(files, env, { UNSTUCK_PROGRESS_FILE: "/its/own" });
  return startLauncherOn(files, shell, folder, argv, {
    PATH: `${bin}:${PATH}`,
    LC_ALL: "C",
    ...becomeOrder(account, findSetpriv(PATH)),
  });
}

/** The same shell, started with a file of root's open, as `flock 9` has one. */
function holding(shell: Shell): Shell {
  const script = `exec 6</etc/passwd 9</etc/passwd; exec ${shell.command.join(" ")} "$@"`;
  return { name: shell.name, command: ["sh", "-c", script, "sh"] };
}
