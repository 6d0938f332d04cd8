import { logLines } from "@/lib/domain/log-record";

/** A log in the shape `[name] LEVEL: message`, as far as its lines tell these apart; lines of any other format stay as they are. */
export function plainLog(tail: string): string {
  return logLines(tail).join("\n");
}

/** Of a line that holds Scrapy's `Spider closed (reason)`: what stands around it, and the reason. */
export type Announced = { readonly before: string; readonly after: string; readonly reason: string };

/** @param words as `Spider closed`, which a reason in parentheses follows */
export function announcements(log: string, words: string): Announced[] {
  const found: Announced[] = [];
  for (let at = log.indexOf(`${words} (`); at !== -1; at = log.indexOf(`${words} (`, at + 1)) {
    const from = log.lastIndexOf("\n", at) + 1;
    const end = log.indexOf("\n", at);
    const rest = log.slice(at + words.length + 2, end === -1 ? undefined : end);
    const close = closingAt(rest);
    if (close < 1 || close > 200) continue;
    found.push({ before: log.slice(from, at), after: rest.slice(close + 1), reason: rest.slice(0, close) });
  }
  return found;
}

/** A reason is any text of the spider's, and may have parentheses itself: `banned (403)`. */
function closingAt(text: string): number {
  let open = 1;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") open += 1;
    else if (text[at] === ")") open -= 1;
    if (open === 0) return at;
  }
  return text.lastIndexOf(")");
}

/** Whole, or the top one alone (LOG_SHORT_NAMES). */
const ENGINE = /(?<![\w.])scrapy(?:\.core\.engine)?(?![\w.])/;
/** What a format may put after the message: logger, level, file and line. No words of a sentence. */
const DECORATION =
  /^\W*(?:(?:scrapy(?:\.[a-z]+)*|[A-Z]{4,8}|\w+\.py|\d+)\W+)*(?:scrapy(?:\.[a-z]+)*|[A-Z]{4,8}|\d+)?$/;

/**
 * Whether it was Scrapy's engine that said so, and not a page that a spider quotes: the line ends with what was said, and it names the
 * engine or the reason that Scrapy's statistics give; or the line is made the same way as one before it that nothing else would say.
 * @param finishReason of the statistics; null: there are none
 */
export function isEngines(
  line: Announced,
  closing: readonly Announced[],
  finishReason: string | null,
): boolean {
  const { before, after, reason } = line;
  if (DECORATION.test(after) && (reason === finishReason || ENGINE.test(before + after))) return true;
  return closing.some((other) => other.reason === reason && frameOf(other) === frameOf(line));
}

/** What changes from line to line are its times. */
function frameOf({ before, after }: Announced): string {
  return `${before}\0${after}`.replace(/\d+/g, "0").trimEnd();
}
