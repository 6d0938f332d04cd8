// A process of its own that does what may hang (lib/files/pool.ts): one request after the other, synchronously, because there is
// nothing else it could do meanwhile. Frames on stdin and stdout: four bytes of length, then v8.serialize. It ends with its stdin,
// and it loads nothing but Node, since its memory is spent beside every dashboard.
import { readSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { hasPart, putBack, setAside } from "./aside.mjs";
import { account, become } from "./become.mjs";
import { clear } from "./clear.mjs";
import { glob } from "./glob.mjs";
import { guarded } from "./guarded.mjs";
import { behind, codeOf, endWithin, list, look, namesAt, realPath, survey, walk } from "./reads.mjs";
import { Hung, know, onEntering, real } from "./where.mjs";
import { makeFolder, remove, rename, replace, unlinkIf } from "./writes.mjs";

/** @type {Readonly<Record<string, (...args: any[]) => unknown>>} */
const OPERATIONS = {
  look,
  looks: (paths, max) => paths.map((/** @type {string} */ path) => look(path, max)),
  survey,
  names: (path, max) => namesAt(real(path, false)[0], max),
  list,
  walk,
  glob,
  behind,
  realPath,
  guarded,
  hasPart,
  setAside,
  putBack,
  rename,
  replace,
  unlinkIf,
  makeFolder,
  remove,
  clear,
  account,
};

// Its parent decides when it ends; a Ctrl-C in the terminal or systemd's SIGTERM reaches the parent, too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

const [, , user] = process.argv;
// Everything it needs is loaded by now: the files it consists of are the dashboard's own.
if (user !== undefined) become(user);
onEntering((at) => send({ at }));
send({ ready: true });
for (let request = receive(); request !== null; request = receive()) send(answer(request));
process.exit(0);

/** @param {{ id: number, op: string, args: unknown[], ms: number, hung: string[], mounts?: string[] }} request */
function answer({ id, op, args, ms, ...known }) {
  know(known);
  endWithin(ms);
  try {
    return { id, value: OPERATIONS[op]?.(...args) };
  } catch (error) {
    if (error instanceof Hung) return { id, hangsAt: error.hangsAt };
    return { id, code: codeOf(error), message: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns {any} null: the parent is gone */
function receive() {
  const size = readExactly(4)?.readUInt32LE();
  const body = size === undefined ? null : readExactly(size);
  return body === null ? null : deserialize(body);
}

/** @param {number} length */
function readExactly(length) {
  const buffer = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const read = readSync(0, buffer, at, length - at, null);
    if (read === 0) return null;
    at += read;
  }
  return buffer;
}

/** @param {unknown} value */
function send(value) {
  const body = serialize(value);
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(body.length);
  const frame = Buffer.concat([head, body]);
  try {
    for (let at = 0; at < frame.length; ) at += writeSync(1, frame, at);
  } catch {
    // EPIPE: no one is there to hear it.
    process.exit(0);
  }
}
