/**
 * A text of at most `most` UTF-16 units. What is too much is cut out of its middle, and the place says how much: a traceback's
 * last lines say what happened, its first ones where.
 */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const mark = `\n… ${text.length - most} more characters were cut here …\n`;
  const room = most - mark.length;
  const head = whole(text.slice(0, Math.floor(room / 4)), "end");
  return `${head}${mark}${whole(text.slice(text.length - (room - Math.floor(room / 4))), "start")}`;
}

/** Without half a character at the cut. */
function whole(text: string, at: "start" | "end"): string {
  return at === "end" ? text.replace(/[\uD800-\uDBFF]$/, "") : text.replace(/^[\uDC00-\uDFFF]/, "");
}
