/** The entries of a statistics dump whose names and values are plain; anything else in it is passed over. */
export type StatsDump = ReadonlyMap<string, number | string>;

/** A text, a bracket, a comma, or what lies between: one after the other they cover whatever Python prints, in linear time. */
const TOKEN = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[[\](){},]|[^'"[\](){},]+/gy;
const ENTRY = /^\s*'([^'\\]+)'\s*:\s*(?:(-?\d+(?:\.\d+)?)|\(?\s*(['"][\s\S]*['"])\s*\)?)\s*$/;

/**
 * Reads the dictionary that `pprint` wrote at the beginning of a text. No Python reader: only whole numbers, decimals and texts
 * directly in it count, however deep and strange the values beside them are.
 * @param text may go on behind the dictionary
 * @returns empty when no dictionary begins there or it has no end
 */
export function readStatsDump(text: string): StatsDump {
  const entries = new Map<string, number | string>();
  for (const entry of topLevel(text)) {
    const [, name, number, words] = ENTRY.exec(entry) ?? [];
    if (name === undefined) continue;
    if (number !== undefined) entries.set(name, Number(number));
    else if (words !== undefined) entries.set(name, joined(words));
  }
  return entries;
}

function topLevel(text: string): string[] {
  const entries: string[] = [];
  let depth = 0;
  let from = 1;
  if (text[0] !== "{") return [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if ("[({".includes(token)) depth += 1;
    if ("])}".includes(token)) depth -= 1;
    if (depth > 0 && !(depth === 1 && token === ",")) continue;
    entries.push(text.slice(from, index));
    from = index + 1;
    if (depth === 0) return entries;
  }
  return [];
}

/** pprint breaks a long text into several, one below the other. */
function joined(words: string): string {
  return [...words.matchAll(TOKEN)]
    .filter(([token]) => /^['"]/.test(token))
    .map(([token]) => token.slice(1, -1).replace(/\\([\s\S])/g, "$1"))
    .join("");
}
