import { EXIT, Refusal } from "../exit-codes.mjs";
import { columnsOf, toRow } from "./fields.mjs";
import { recordsOf } from "./records.mjs";

/**
 * @typedef {import("../../lib/contracts/import").ImportAnswer} ImportAnswer
 * @typedef {{ file: string, source: string, map: Map<string, string>, states: Map<string, string> }} Import
 */

/** What the API takes at once. */
const CHUNK = 1_000;
const CHUNK_WITHIN_MS = 120_000;

/**
 * Hands all rows of a file to the API and answers as it would for all of them at once; rows are counted from 1.
 * @param {import("../program.mjs").Context} context
 * @param {Import} what
 * @param {boolean} dryRun
 * @returns {Promise<ImportAnswer>}
 */
export async function sendRows({ dashboard, screen }, { file, source, map, states }, dryRun) {
  /** @type {ImportAnswer} */
  const total = {
    dryRun,
    imported: 0,
    already: 0,
    refused: [],
    zombies: { resumable: 0, dead: 0, complete: 0, unknown: 0, alive: 0 },
    items: [],
  };
  /** @type {{ number: number, row: Record<string, unknown> }[]} */
  let chunk = [];
  let number = 0;
  /** @type {Map<import("./fields.mjs").Field, string> | null} */
  let columns = null;
  const send = async () => {
    if (chunk.length === 0) return;
    const body = { source, dryRun, rows: chunk.map(({ row }) => row) };
    /** @type {ImportAnswer} */
    const answer = await dashboard.call("POST", "/api/v1/imports", { body, withinMs: CHUNK_WITHIN_MS });
    const sent = chunk;
    add(total, answer, (index) => sent[index]?.number ?? index + 1);
    chunk = [];
    screen.note(`${number} rows ${dryRun ? "looked at" : "handed over"}`);
  };
  for await (const record of recordsOf(file)) {
    number += 1;
    columns ??= columnsIn(record, map);
    const made = toRow(record, columns, states);
    if (made.ok) chunk.push({ number, row: made.row });
    else total.refused.push({ row: number, problem: made.problem });
    if (chunk.length === CHUNK) await send();
  }
  await send();
  if (number === 0) throw new Refusal(EXIT.usage, `Expected rows in ${file}, found none.`);
  return total;
}

/**
 * @param {Record<string, unknown>} record
 * @param {Map<string, string>} map
 */
function columnsIn(record, map) {
  const { columns, problems } = columnsOf(Object.keys(record), map);
  if (problems.length > 0) throw new Refusal(EXIT.usage, problems.join(" "));
  return columns;
}

/**
 * @param {ImportAnswer} total changed in place
 * @param {ImportAnswer} answer
 * @param {(index: number) => number} numberOf
 */
function add(total, answer, numberOf) {
  total.imported += answer.imported;
  total.already += answer.already;
  for (const name of /** @type {(keyof ImportAnswer["zombies"])[]} */ (Object.keys(total.zombies)))
    total.zombies[name] += answer.zombies[name];
  total.refused.push(...answer.refused.map(({ row, problem }) => ({ row: numberOf(row), problem })));
  total.items.push(...answer.items.map((item) => ({ ...item, row: numberOf(item.row) })));
}
