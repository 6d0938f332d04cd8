import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What npm's error codes mean here; the rest is told in npm's own words. */
const MEANINGS = [
  [/E404|ETARGET|ENOVERSIONS/, "the npm registry does not have it"],
  [/EINTEGRITY/, "what the npm registry sent is not what was expected"],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/,
    "the npm registry cannot be reached",
  ],
  [/E401|E403|ENEEDAUTH/, "the npm registry refuses to give it to this user"],
  [/ENOTCACHED/, "npm is set to work offline"],
  [/ENOSPC|EDQUOT/, "there is no room on the disk"],
  [/EACCES|EPERM|EROFS/, "this user may not write there"],
];

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * The user's own npm, with its registry, proxy and cache. A signal ends it, and then this program.
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<string | null>} null: done; else what went wrong, one clause without a full stop
 */
export function npm(args, cwd) {
  return new Promise((resolve) => {
    const child = spawn("npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const leave = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill("SIGKILL");
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of SIGNALS) process.on(signal, leave);
    const done = (/** @type {string | null} */ problem) => {
      for (const signal of SIGNALS) process.off(signal, leave);
      resolve(problem);
    };
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (/** @type {Buffer} */ chunk) => {
        said = (said + chunk.toString()).slice(-20_000);
      });
    child.once("error", (error) =>
      done(
        "code" in error && error.code === "ENOENT"
          ? "there is no npm on PATH"
          : `npm cannot be started (${error.message})`,
      ),
    );
    child.once("close", (code, signal) =>
      done(code === 0 ? null : meaningOf(said, signal ?? `exit code ${code}`)),
    );
  });
}

/**
 * @param {string} said everything npm printed
 * @param {string} end how it ended
 */
export function meaningOf(said, end) {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(said)?.[1] ?? "";
  const [, meaning] = MEANINGS.find(([pattern]) => /** @type {RegExp} */ (pattern).test(code)) ?? [];
  if (meaning !== undefined) return `${meaning} (${code})`;
  const line = said.split("\n").find((each) => /npm (error|ERR!)/.test(each) && !each.includes(" code "));
  return `npm failed with ${end}${line === undefined ? "" : `: ${line.replace(/^.*?(error|ERR!) ?/, "")}`}`;
}
