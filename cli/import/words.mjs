import { createHash } from "node:crypto";

/** Words of another system, compared and made names of. Pure. */

/**
 * A word without case and punctuation, in whatever script; what has no letters, such as ✅, is itself.
 * @param {string} text
 */
export function plain(text) {
  const bare = text.normalize("NFKC").toLowerCase().replaceAll("\ufe0f", "").replaceAll("ё", "е");
  const letters = bare.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, "");
  return letters === "" ? bare.trim() : letters;
}

/** `extractedTotal_tenders` → extracted, total, tenders. @param {string} text */
export function tokensOf(text) {
  return text
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((token) => token !== "");
}

const NOTHING = /^(null|none|nan|nat|nil|n\/a|undefined|<null>|\(null\)|\\n|-|–)$/i;
/** What Mongo's shell and mongoexport put around a value in CSV. */
const WRAPPED = /^(?:ObjectId|ISODate|UUID|NumberInt|NumberLong|NumberDecimal|Timestamp)\("?([^"()]*)"?\)$/;

/** What a cell says; null: nothing. @param {unknown} value */
export function textOf(value) {
  if (value === null || value === undefined) return null;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value).trim();
  return text === "" || NOTHING.test(text) ? null : (WRAPPED.exec(text)?.[1] ?? text);
}

const MAX_JOB_ID = 63;
/** Folders and files the data folder keeps for itself (lib/domain/ids.ts). */
const RESERVED = /^(runs|exits|shims|logs|tmp)$|^(unstuck\.db|instance\.lock|unstuck\.sock)/;
const LATIN_SPELLING = /** @type {const} */ ({
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  æ: "ae",
});

/**
 * A job's id made of a name, which may have spaces, capitals and letters of any script; an id is also a folder's name. What an id
 * cannot spell is told apart by a few digits, so that two names stay two jobs.
 * @param {string} text
 * @returns {string | undefined} undefined: there is no letter or digit in it
 */
export function jobIdOf(text) {
  const name = text.normalize("NFC").trim().toLowerCase();
  if (!/[\p{L}\p{N}]/u.test(name)) return undefined;
  const latin = name
    .replaceAll(
      /[äöüßøłđæ]/g,
      (letter) => LATIN_SPELLING[/** @type {keyof typeof LATIN_SPELLING} */ (letter)],
    )
    .normalize("NFD")
    .replaceAll(/(?<=[a-z])\p{M}+/gu, "");
  const id = latin
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .replace(/-+$/, "");
  const isSpelt = !/[^\p{ASCII}]/u.test(latin.replaceAll(/[^\p{L}\p{N}]/gu, "")) && id.length <= MAX_JOB_ID;
  if (isSpelt) return RESERVED.test(id) ? `${id.replaceAll(".", "-")}-job` : id;
  const digits = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${id.slice(0, MAX_JOB_ID - 9).replace(/[-.]+$/, "") || "job"}-${digits}`;
}

const MAX_EXTERNAL_ID = 200;

/** A run's id in the other system, no longer than one may be. @param {string} text */
export function externalIdOf(text) {
  if (text.length <= MAX_EXTERNAL_ID) return text;
  const digits = createHash("sha256").update(text).digest("hex").slice(0, 32);
  return `${text.slice(0, MAX_EXTERNAL_ID - 33)}-${digits}`;
}

/** At the first =. @param {string} pair */
export function split(pair) {
  const at = pair.indexOf("=");
  return at === -1 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** As a shell takes it in one piece. @param {string} text */
export function quotedForShell(text) {
  return /^[\w=+:,./@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
