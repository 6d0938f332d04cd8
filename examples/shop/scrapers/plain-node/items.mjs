import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { warn } from "./log.mjs";
import { Trouble } from "./trouble.mjs";

/**
 * Items as JSON lines. The checkpoint says how long the file is; whatever a killed crawl wrote after it is
 * cut off and scraped again, so no item is lost and none is there twice.
 * @param {string} folder
 * @param {import("./checkpoint.mjs").Checkpoint} checkpoint
 */
export function openItems(folder, checkpoint) {
  const path = join(folder, "items.jsonl");
  mkdirSync(folder, { recursive: true });
  if (!checkpoint.resumed) keepOldItems(folder, path, checkpoint.previousEnd);
  const file = openSync(path, "a+");
  const state = checkpoint.state;
  cutTo(state.itemsBytes, file, path);
  return {
    path,
    /** @param {unknown} item */
    append(item) {
      const line = `${JSON.stringify(item)}\n`;
      try {
        appendFileSync(file, line);
      } catch (error) {
        // A full disk can leave half a line, and other pages are still on their way.
        ftruncateSync(file, state.itemsBytes);
        throw error;
      }
      state.itemsBytes += Buffer.byteLength(line);
      state.products += 1;
    },
    flush: () => fsyncSync(file),
    close: () => closeSync(file),
  };
}

/**
 * @param {number} length
 * @param {number} file
 * @param {string} path
 */
function cutTo(length, file, path) {
  const found = fstatSync(file).size;
  if (found < length) {
    closeSync(file);
    throw new Trouble(
      `${path} has ${found} bytes but the checkpoint counts ${length}. Bring the file back, or move the checkpoint away to start a new crawl.`,
    );
  }
  if (found === length) return;
  warn(`dropping ${found - length} bytes written after the last checkpoint; those pages are read again`);
  ftruncateSync(file, length);
}

/**
 * @param {string} folder
 * @param {string} path
 * @param {string | null} finishedAt
 */
function keepOldItems(folder, path, finishedAt) {
  if (!existsSync(path) || statSync(path).size === 0) return;
  const stamp = (finishedAt ?? statSync(path).mtime.toISOString()).replaceAll(":", "-");
  let kept = join(folder, `items-${stamp}.jsonl`);
  for (let copy = 2; existsSync(kept); copy += 1) kept = join(folder, `items-${stamp}-${copy}.jsonl`);
  renameSync(path, kept);
  warn(`kept the items of an earlier crawl as ${kept}`);
}
