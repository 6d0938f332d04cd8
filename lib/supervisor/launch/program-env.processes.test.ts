import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isInstalled, SHELLS, type Shell, startLauncher } from "@/test/launcher";
import { runFiles } from "../files/run-files";
import { leaveForLauncher, programEnvText } from "./program-env";

/** Every byte a value can have; written as Latin-1 each is itself. */
const BYTES = Array.from({ length: 255 }, (_, at) => String.fromCharCode(at + 1)).join("");
const AWKWARD = {
  PEM: "-----BEGIN KEY-----\nab+/=\n-----END KEY-----\n",
  ENDS: "\n\n two \n\n",
  EMPTY: "",
  JSON: '{"a":"$b","c":["\\n",1]}',
  QUOTES: `'"\`'' $(id) \`id\` \\`,
  BYTES,
};
/** Each of them keeps the launcher or its tools from working when they work under it. */
const HOSTILE = {
  PATH: "/opt/venv/bin",
  LD_LIBRARY_PATH: "/nowhere",
  IFS: "/a",
  ENV: "/no/such/file",
  BASH_ENV: "/no/such/file",
  CDPATH: "/tmp",
  PS4: "$(exit 3)",
  POSIXLY_CORRECT: "1",
  LC_ALL: "ja_JP.SJIS",
  LANG: "xx",
  HOME: "",
};

type Given = Readonly<Record<string, string>>;

/** Runs the launcher as the supervisor does, and reads what the program was given as bytes. */
async function given(shell: Shell, env: Given, { nice = false } = {}) {
  const folder = temporaryFolder();
  const files = runFiles(join(folder, "runs"), join(folder, "exits"), "run_1");
  mkdirSync(files.folder, { recursive: true });
  const launcher = leaveForLauncher(files, { ...env, UNSTUCK_RUN: "run_1.t" }, process.env.PATH ?? "");
  const file = join(files.folder, "env");
  writeFileSync(file, programEnvText(file, env), "latin1");
  if (nice) writeFileSync(join(files.folder, "limits"), "nice 1 1\n");
  const started = startLauncher(shell, folder, ["/bin/cat", "/proc/self/environ"], launcher);
  const { code } = await started.ended;
  const text = readFileSync(join(folder, "log"), "latin1");
  const found = text.split("\0").filter((line) => line !== "");
  const variables = Object.fromEntries(
    found.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  return { code, variables, left: readFileSync(file, "latin1"), text };
}

for (const shell of SHELLS) {
  const missing = isInstalled(shell) ? "" : ` (skipped: ${shell.command[0]} is not installed here)`;
  describe.skipIf(missing !== "")(`FR-F8 under a launcher in ${shell.name}${missing}`, () => {
    test("every value arrives as it was given, in every byte from 1 to 255", async () => {
      const { code, variables, left } = await given(shell, AWKWARD);
      expect(code).toBe(0);
      expect(variables).toMatchObject({ ...AWKWARD, UNSTUCK_RUN: "run_1.t" });
      expect(left, "no value is left on disk when the program begins").toBe("");
    });

    test.each([false, true])(
      "a job's own PATH, library path or locale is the program's alone (with a nice limit: %s)",
      async (nice) => {
        const { code, variables, text } = await given(shell, HOSTILE, { nice });
        expect(code, text).toBe(0);
        expect(variables).toMatchObject(HOSTILE);
      },
    );

    test("a name that the shell keeps for itself does not keep the program from starting", async () => {
      const names = "OPTIND PPID UID EUID SHELLOPTS BASHOPTS BASH_VERSINFO LINENO RANDOM GROUPS".split(" ");
      const env = { ...Object.fromEntries(names.map((name) => [name, "x"])), AFTER: "there" };
      const { code, variables, text } = await given(shell, env);
      expect(code, text).toBe(0);
      expect(variables.AFTER).toBe("there");
    });
  });
}
