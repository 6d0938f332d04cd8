import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "@/lib/domain/errors";

const KEY_LINE = /^[A-Za-z0-9+/]{43}=$/;

/**
 * The keys that secrets are sealed with, one a line, the current one first. The data folder's own file is made at the first start, readable by no
 * other user.
 * @param file of the data folder
 * @param given UNSTUCK_SECRET_KEY_FILE; null: the data folder's own
 * @throws AppError CONFIG_INVALID
 */
export function readKeys(file: string, given: string | null): readonly Buffer[] {
  const path = given ?? file;
  const text = given === null ? ownKeys(file) : read(path);
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0 || lines.some((line) => !KEY_LINE.test(line)))
    throw wrongKey(path, "expected lines of 32 bytes in base64 (openssl rand -base64 32)");
  return lines.map((line) => Buffer.from(line, "base64"));
}

function ownKeys(file: string): string {
  return readOrNull(file) ?? makePrivately(file, `${randomBytes(32).toString("base64")}\n`);
}

function read(path: string): string {
  const text = readOrNull(path);
  if (text === null) throw wrongKey(path, "expected a file that can be read, found none");
  return text;
}

/** @returns null: there is none */
export function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw wrongKey(path, error instanceof Error ? error.message : String(error));
  }
}

/** Whether others may read it. */
export function isOpenToOthers(path: string): boolean {
  const descriptor = openSync(path, "r");
  try {
    return (fstatSync(descriptor).mode & 0o077) !== 0;
  } finally {
    closeSync(descriptor);
  }
}

/** On the disk, whole, before anything is sealed with it. An existing file is never written over. */
export function makePrivately(path: string, content: string): string {
  const beside = writtenBeside(path, content);
  try {
    // Fails where there is one, which renaming would not.
    linkSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(path);
  return content;
}

/** Under another name: a crash in the middle leaves no half of a key where the key is looked for. */
function writtenBeside(path: string, content: string): string {
  const beside = `${path}.new`;
  rmSync(beside, { force: true });
  const descriptor = openSync(beside, "wx", 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return beside;
}

/**
 * Puts a new key before those that are there, so that what is sealed from now on is sealed with it, and everything still opens.
 * @returns all of them, once they are on the disk
 */
export function addKey(path: string): readonly Buffer[] {
  const keys = [randomBytes(32), ...readKeys(path, null)];
  replace(path, keys);
  return keys;
}

/**
 * Nothing is sealed with the others any more. What came into the file meanwhile stays.
 * @param keys as `addKey` gave them
 * @returns those that are needed from now on
 */
export function keepFirstKey(path: string, keys: readonly Buffer[]): readonly Buffer[] {
  const [first, ...others] = keys;
  const now = readKeys(path, null);
  if (first === undefined || !now.some((key) => key.equals(first))) return keys;
  const kept = now.filter((key) => !others.some((other) => other.equals(key)));
  replace(path, kept);
  return kept;
}

/** In one step: at no moment is there a file without the keys that are needed. */
function replace(path: string, keys: readonly Buffer[]): void {
  const content = keys.map((key) => `${key.toString("base64")}\n`).join("");
  renameSync(writtenBeside(path, content), path);
  syncFolder(path);
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export function forget(path: string): void {
  rmSync(path, { force: true });
}

function wrongKey(path: string, why: string): AppError {
  const message = `The key file ${path} cannot be used: ${why}. Secrets in the database can only be read with it. Put it back, or set UNSTUCK_SECRET_KEY_FILE.`;
  return new AppError("CONFIG_INVALID", message, { problems: [message] });
}
