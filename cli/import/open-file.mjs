import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { EXIT, Refusal } from "../exit-codes.mjs";

/**
 * A file that can be read as often as wanted. `encoding`: what its bytes are, once known.
 * @typedef {{ path: string, name: string, isPacked: boolean, encoding: string, close(): void }} Source
 */

const BEGINNING = 4;

/**
 * Standard input (`-`) and pipes (`<(psql …)`) can be read once only, and an import looks first: they are copied for the time being.
 * @param {string} file
 * @returns {Promise<Source>}
 */
export async function openSource(file) {
  if (file !== "-" && !existsSync(file)) throw new Refusal(EXIT.usage, `There is no file ${file}.`);
  if (file !== "-" && statSync(file).isDirectory())
    throw new Refusal(EXIT.usage, `Expected a file, found the folder ${file}.`);
  if (file !== "-" && statSync(file).isFile()) return { ...looked(file), name: file, close() {} };
  const folder = mkdtempSync(join(tmpdir(), "unstuck-import-"));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, "rows");
    const input = file === "-" ? process.stdin : createReadStream(file);
    await pipeline(input, createWriteStream(copy, { mode: 0o600 }));
    return { ...looked(copy), name: file === "-" ? "standard input" : file, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Whether its name says what is in it: that of standard input, a pipe or a descriptor is the same, or another, whatever comes through it.
 * What is not there is told when it is opened.
 * @param {string} file
 */
export function namesItself(file) {
  if (file === "-" || /^\/(dev|proc)\//.test(file)) return false;
  return !existsSync(file) || statSync(file).isFile() || statSync(file).isDirectory();
}

/** @param {string} path */
function looked(path) {
  const bytes = Buffer.alloc(BEGINNING);
  const descriptor = openSync(path, "r");
  const length = readSync(descriptor, bytes, 0, BEGINNING, 0);
  closeSync(descriptor);
  const isPacked = length > 1 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  const encoding = isPacked ? "utf-8" : length > 1 ? ofMark(bytes) : "utf-8";
  return { path, isPacked, encoding };
}

/** @param {Buffer} bytes */
function ofMark(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/**
 * The file's text, piece by piece.
 * @param {Source} source
 * @returns {AsyncGenerator<string>}
 * @throws {TypeError} it is not in that encoding
 */
export async function* textOfFile({ path, isPacked, encoding }) {
  const bytes = createReadStream(path);
  const unpacked = isPacked ? bytes.pipe(createGunzip()) : bytes;
  if (isPacked) bytes.once("error", (error) => unpacked.destroy(error));
  // A byte order mark is dropped; what UTF-8 cannot be is an error, every other encoding takes every byte.
  const decoder = new TextDecoder(encoding, { fatal: encoding === "utf-8" });
  for await (const chunk of unpacked) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}
