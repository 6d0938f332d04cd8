import { spawn } from "node:child_process";
import { readFileSync, writeSync } from "node:fs";
import { ensureNode } from "../../bootstrap/ensure-node.mjs";
import { servicePid } from "../../bootstrap/parent.mjs";

// A program of this project as far as the bootstrap is concerned. Arguments: `own` or `shared` (the group), then what to do.
const [group, ...does] = process.argv.slice(2);
await ensureNode({ ownGroup: group === "own", quiet: does.includes("quiet") });

// Written in one piece, so that tests never read half a line.
const tell = (/** @type {string} */ text) => writeSync(1, `${text}\n`);
const [, , pgrp, session] = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
tell(
  JSON.stringify({
    version: process.versions.node,
    execPath: process.execPath,
    pid: process.pid,
    service: servicePid(),
    group: Number(pgrp),
    session: Number(session),
    argv: process.argv.slice(2),
    env: Object.keys(process.env).filter((name) => name.startsWith("UNSTUCK_BOOTSTRAP")),
    path: process.env.PATH,
  }),
);
if (does.includes("count"))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGCONT"])
    process.on(signal, () => tell(signal));
if (does.includes("read"))
  process.stdin.on("data", (text) => {
    tell(`read ${text.toString().trim()}`);
    process.exit(0);
  });
if (does.includes("spawn")) {
  const { pid } = spawn("sleep", ["60"], { stdio: "ignore" });
  tell(`spawned ${pid}`);
}
if (does.includes("stay")) setInterval(() => undefined, 1_000);
if (does.includes("fail")) process.exit(42);
if (does.includes("die")) process.kill(process.pid, "SIGKILL");
tell("up");
