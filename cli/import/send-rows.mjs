import { EXIT, Refusal } from "../exit-codes.mjs";
import { rowsOf } from "./records.mjs";
import { shown, toRow } from "./row.mjs";
import { Seen } from "./seen.mjs";
import { ACTIVE } from "./states.mjs";

/**
 * @typedef {import("../../lib/contracts/import").ImportAnswer} ImportAnswer
 * @typedef {{ source: import("./open-file.mjs").Source, form: import("./records.mjs").Form, name: string, plan: import("./plan.mjs").ImportPlan, repeated: Seen, more: { createJobs: boolean, assumeOver: boolean, zoneIsSure: boolean } }} Import
 * @typedef {ImportAnswer & { rows: number, refusedCount: number, repeatedCount: number, itemCount: number }} Total `refused` and `items` hold the first of them only; `repeatedCount` of the refused have the id of another row
 */

/** Rows and bytes per request. The bytes are a quarter of what the API allows, because it reads a body whole. */
const CHUNK = 1_000;
const CHUNK_BYTES = 4 * 1024 * 1024;
const CHUNK_WITHIN_MS = 120_000;
/** Of a million rows these are told one by one, the rest is counted. */
const MOST_TOLD = 10_000;

/**
 * Hands all rows of a file to the API and answers as it would for all of them at once; rows are counted from 1.
 * @param {import("../program.mjs").Context} context
 * @param {Import} what
 * @param {boolean} dryRun
 * @returns {Promise<Total>}
 */
export async function sendRows({ dashboard, screen }, { source, form, name, plan, repeated, more }, dryRun) {
  const total = noneYet(dryRun);
  const counted = new Seen();
  /** @type {{ number: number, row: Record<string, unknown> }[]} */
  let chunk = [];
  let bytes = 0;
  const send = async () => {
    if (chunk.length === 0) return;
    const sent = chunk;
    const body = { source: name, dryRun, ...more, rows: sent.map(({ row }) => row) };
    [chunk, bytes] = [[], 0];
    /** @type {ImportAnswer} */
    const answer = await dashboard.call("POST", "/api/v1/imports", { body, withinMs: CHUNK_WITHIN_MS });
    add(total, answer, (index) => sent[index]?.number ?? index + 1);
    screen.note(`${total.rows} rows ${dryRun ? "looked at" : "handed over"}`);
  };
  for await (const given of rowsOf(source, form)) {
    total.rows = given.number;
    const made =
      "problem" in given
        ? { ok: /** @type {const} */ (false), problem: given.problem }
        : toRow(given.record, plan);
    const repeats = made.ok ? whyRepeated(made.row, repeated, counted) : null;
    if (!made.ok) refuse(total, given.number, made.problem);
    else if (repeats !== null) {
      total.repeatedCount += 1;
      refuse(total, given.number, repeats);
    } else {
      chunk.push({ number: given.number, row: made.row });
      bytes += sizeOf(made.row);
      if (chunk.length === CHUNK || bytes >= CHUNK_BYTES) await send();
    }
  }
  await send();
  if (total.rows === 0) throw new Refusal(EXIT.usage, `Expected rows in ${source.name}, found none.`);
  total.refused.sort((a, b) => a.row - b.row);
  return total;
}

/**
 * Why a row does not count because others have its id; null: it does. Of those that are over the first counts. Of those that are not
 * none does: a later row may tell that the run is over, or that it lives.
 * @param {Record<string, unknown>} row
 * @param {Seen} repeated
 * @param {Seen} counted added to
 */
function whyRepeated({ externalId, state }, repeated, counted) {
  const id = String(externalId);
  if (!repeated.has(id)) return null;
  if (ACTIVE.includes(String(state)))
    return `it is not over, and another row has its id (${shown(id)}) and may contradict it: export one row for each run, the last one`;
  return counted.add(id) ? null : `an earlier row has its id (${shown(id)}); that one counts`;
}

/** @param {Record<string, unknown>} row */
function sizeOf(row) {
  return Object.values(row).reduce(
    (/** @type {number} */ sum, value) => sum + 24 + 3 * String(value).length,
    0,
  );
}

/** @param {boolean} dryRun @returns {Total} */
function noneYet(dryRun) {
  return {
    dryRun,
    rows: 0,
    imported: 0,
    already: 0,
    refusedCount: 0,
    repeatedCount: 0,
    refused: [],
    zombies: { resumable: 0, dead: 0, complete: 0, unknown: 0, alive: 0, mayBeAlive: 0 },
    zoneHints: [],
    jobs: [],
    itemCount: 0,
    items: [],
  };
}

/** @param {Total} total @param {number} row @param {string} problem */
function refuse(total, row, problem) {
  total.refusedCount += 1;
  if (total.refused.length < MOST_TOLD) total.refused.push({ row, problem });
}

/**
 * @param {Total} total changed in place
 * @param {ImportAnswer} answer
 * @param {(index: number) => number} numberOf
 */
function add(total, answer, numberOf) {
  total.imported += answer.imported;
  total.already += answer.already;
  for (const name of /** @type {(keyof ImportAnswer["zombies"])[]} */ (Object.keys(total.zombies)))
    total.zombies[name] += answer.zombies[name] ?? 0;
  for (const { row, problem } of answer.refused) refuse(total, numberOf(row), problem);
  for (const { offsetMinutes, rows } of answer.zoneHints ?? []) {
    const known = total.zoneHints.find((hint) => hint.offsetMinutes === offsetMinutes);
    if (known === undefined) total.zoneHints.push({ offsetMinutes, rows });
    else known.rows += rows;
  }
  for (const job of answer.jobs ?? []) if (!total.jobs.some(({ id }) => id === job.id)) total.jobs.push(job);
  total.itemCount += answer.items.length;
  for (const item of answer.items)
    if (total.items.length < MOST_TOLD) total.items.push({ ...item, row: numberOf(item.row) });
}
