import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAnsi } from "./ansi";
import { LineBuffer, textOf } from "./logs-buffer";
import { hitNear, LoadedSearch, markSpans, matchesIn, toPattern } from "./logs-search";

const E = "\u001b";
const encoder = new TextEncoder();
const never = () => false;
const always = () => true;

function pattern(query: string): RegExp {
  const made = toPattern(query);
  if (made === null) throw new Error("The query is empty.");
  return made;
}

function bufferOf(text: string, at = 0): LineBuffer {
  const buffer = new LineBuffer(at);
  buffer.append(encoder.encode(text));
  return buffer;
}

/** What a search in one go over all loaded lines finds. */
function expected(buffer: LineBuffer, query: string): string[] {
  return buffer.lines.flatMap((line) =>
    matchesIn(textOf(line), pattern(query)).map(({ from }) => `${line.key}:${from}`),
  );
}

function found(search: LoadedSearch): string[] {
  return search.hits.map((hit) => `${hit.key}:${hit.from}`);
}

describe("matchesIn", () => {
  it("takes nothing in the query as special and ignores letter case", () => {
    expect(matchesIn("a.B [x] A.b axb", pattern("a.b"))).toEqual([
      { from: 0, to: 3 },
      { from: 8, to: 11 },
    ]);
    expect(matchesIn("(((", pattern("("))).toHaveLength(3);
  });

  it("has no pattern for an empty query", () => expect(toPattern("")).toBeNull());
});

describe("LoadedSearch", () => {
  it("finds every place, also in text cut by colours", () => {
    const buffer = bufferOf(`one\ntw${E}[31mo ONE\nthree one`);
    const search = new LoadedSearch(buffer, pattern("one"));
    expect(search.advance(never)).toBe(true);
    expect(found(search)).toEqual(["0:0", "1:4", "2:6"]);
    expect(search.hits[2]).toMatchObject({ at: buffer.lines[2]?.at });
  });

  it("works in slices and says when it is done", () => {
    const buffer = bufferOf("needle\n".repeat(7_000));
    const search = new LoadedSearch(buffer, pattern("needle"));
    let turns = 1;
    while (!search.advance(always)) turns += 1;
    expect(turns).toBeGreaterThan(3);
    expect(found(search)).toEqual(expected(buffer, "needle"));
  });

  it("keeps up with a line that grows", () => {
    const buffer = bufferOf("a\nneed");
    const search = new LoadedSearch(buffer, pattern("needle"));
    search.advance(never);
    buffer.append(encoder.encode("le needle"));
    search.advance(never);
    expect(found(search)).toEqual(["1:0", "1:7"]);
    buffer.append(encoder.encode("\nneedle"));
    search.advance(never);
    expect(found(search)).toEqual(["1:0", "1:7", "2:0"]);
  });

  it("agrees with a search in one go while lines come and go at both ends", () => {
    const chunk = fc.string({ unit: fc.constantFrom("x", "ab", "\n", "ba"), minLength: 1, maxLength: 40 });
    const steps = fc.array(fc.tuple(fc.constantFrom("append", "prepend"), chunk, fc.boolean()), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const buffer = new LineBuffer(100_000, 0, { lines: 20, bytes: 400 });
        const search = new LoadedSearch(buffer, pattern("ab"));
        for (const [where, text, searched] of list) {
          const bytes = encoder.encode(`${text}${where === "prepend" ? "\n" : ""}`);
          if (where === "append") buffer.append(bytes);
          else buffer.prepend(bytes, buffer.start - bytes.length);
          if (searched) search.advance(never);
        }
        search.advance(never);
        expect(found(search)).toEqual(expected(buffer, "ab"));
      }),
    );
  });
});

describe("hitNear", () => {
  const hits = [3, 5, 9].map((key) => ({ key, at: 0, from: 0, to: 1 }));
  it.each([
    [0, 0],
    [4, 1],
    [9, 2],
    [10, 2],
  ])("starts from line %i at hit %i", (key, index) => expect(hitNear(hits, key)).toBe(index));
  it("has nothing to show without hits", () => expect(hitNear([], 0)).toBe(-1));
});

describe("markSpans", () => {
  it("marks a match that reaches over several colours", () => {
    const { spans } = parseAnsi(`ab${E}[31mcd${E}[0mef`);
    const marked = markSpans(spans, [{ from: 1, to: 5 }]);
    expect(marked.map(({ text, hit }) => [text, hit])).toEqual([
      ["a", null],
      ["b", 1],
      ["cd", 1],
      ["e", 1],
      ["f", null],
    ]);
  });

  it("keeps the text as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", `${E}[1m`, `${E}[0m`) }), (text) => {
        const { spans } = parseAnsi(text);
        const plain = spans.map((span) => span.text).join("");
        const marked = markSpans(spans, matchesIn(plain, pattern("ab")));
        expect(marked.map((span) => span.text).join("")).toBe(plain);
        const inside = marked.filter((span) => span.hit !== null).map((span) => span.text);
        expect(inside.join("")).toBe("ab".repeat(matchesIn(plain, pattern("ab")).length));
      }),
    );
  });
});
