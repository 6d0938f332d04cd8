import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStatsDump } from "./stats-dump";

const read = (text: string) => Object.fromEntries(readStatsDump(text));

describe("the statistics that Scrapy dumps", () => {
  const CASES: readonly (readonly [string, string, Record<string, number | string>])[] = [
    [
      "are numbers and texts",
      "{'n': 3, 'share': 1.5, 'reason': 'done'}",
      { n: 3, share: 1.5, reason: "done" },
    ],
    ["may be below zero", "{'n': -12}", { n: -12 }],
    [
      "keep a name with slashes whole",
      "{'response_status_count/200': 7}",
      { "response_status_count/200": 7 },
    ],
    ["stand one below the other", "{'a': 1,\n 'b': 2}\nmore, 'c': 3}", { a: 1, b: 2 }],
    ["may have a comma at the end", "{'a': 1, }", { a: 1 }],
    ["may be none", "{}", {}],
    [
      "leave out a date with its zone, and go on behind it",
      "{'finish_time': datetime.datetime(2026, 8, 1, 10, 0, tzinfo=datetime.timezone.utc),\n 'n': 3}",
      { n: 3 },
    ],
    [
      "leave out what is nested",
      "{'x': {'k': 1, 'm': 2, 'l': 3}, 'y': [1, ('n', 2), {3}], 'z': ((1,)), 'n': 4}",
      { n: 4 },
    ],
    [
      "leave out None, True, nan and objects",
      "{'a': None, 'b': True, 'c': nan, 'd': <X 'n'>, 'n': 1}",
      { n: 1 },
    ],
    ["leave out a name that is no text", "{7: 8, None: 1, b'x': 2, 'n': 1}", { n: 1 }],
    [
      "have a text that was broken into several",
      "{'reason': ('one '\n           \"it's \"\n 'two')}",
      {
        reason: "one it's two",
      },
    ],
    ["have a text with quotes", "{'reason': 'it\\'s \"so\"'}", { reason: 'it\'s "so"' }],
    [
      "are not what a text among them says",
      "{'note': \"'n': 5, {'n': 6}\", 'other': '}\\', \\'n\\': 7', 'n': 1}",
      { note: "'n': 5, {'n': 6}", other: "}', 'n': 7", n: 1 },
    ],
  ];
  for (const [what, text, entries] of CASES) test(what, () => expect(read(text)).toEqual(entries));
});

test("what has no end is nothing", () => {
  for (const text of [
    "",
    "{",
    "{'a': 1",
    "{'a': 1, 'b",
    "{'a': 1, 'b': [2}",
    "'abc",
    "[1, 2]",
    "{'a': 1, '\\",
  ])
    expect(read(text)).toEqual({});
});

test("whatever Python prints between them, the numbers are read back", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab'\"\\{}[](),: \n1"), maxLength: 12 });
  const beside = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text.map(quoted),
      fc.constantFrom("None", "1.5", "datetime.date(2026, 8, 1)", "<Spider 'shop' at 0x7f>"),
      fc.array(tie("value"), { maxLength: 3 }).map((all) => `[${all.join(",\n ")}]`),
      fc.array(fc.tuple(text.map(quoted), tie("value")), { maxLength: 3 }).map(printed),
    ),
  })).value;
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c/200", "d"), { minLength: 1 });
  fc.assert(
    fc.property(names, fc.array(beside, { minLength: 4, maxLength: 4 }), fc.integer(), (keys, values, n) => {
      const entries = keys.flatMap((key, at) => [
        [quoted(key), String(n + at)] as const,
        [quoted(`beside ${key}`), values[at] ?? ""] as const,
      ]);
      const found = readStatsDump(`${printed(entries)} scrapy INFO`);
      expect(keys.map((key) => found.get(key))).toEqual(keys.map((_, at) => n + at));
    }),
    { numRuns: 1_000 },
  );
});

test("no text makes it throw or hang", () => {
  const hostile = fc.string({ unit: fc.constantFrom(..."{}[](),:'\"\\<>=. \nxU01-_N"), maxLength: 300 });
  fc.assert(
    fc.property(hostile, (text) => void readStatsDump(`{${text}`)),
    { numRuns: 2_000 },
  );
  for (const part of [
    "'",
    "\\",
    "'\\",
    "[",
    "a(",
    "1",
    "('a'",
    "{'a':",
    "'a' ",
    "( ",
    "'a': 1,",
    "'a': 'b' ",
    '"',
  ])
    for (const end of ["", "z", "\n", ")", "}"]) readStatsDump(`{${part.repeat(50_000)}${end}`);
});

function printed(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${key}: ${value}`).join(",\n ")}}`;
}

/** As Python's `repr` of a text. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}
