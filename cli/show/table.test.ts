import { describe, expect, test } from "vitest";
import { inOwnWords } from "../own-words.mjs";
import { evidencePairs } from "./evidence.mjs";
import { Screen } from "./screen.mjs";
import { table } from "./table.mjs";
import { cut, folded, harmless, widthOf } from "./width.mjs";

describe("the width of a text", () => {
  const WIDTHS: readonly (readonly [string, number])[] = [
    ["", 0],
    ["abc", 3],
    ["größer", 6],
    ["e\u0301", 1],
    ["書店", 4],
    ["🏃", 2],
    ["👩‍👩‍👧", 2],
    ["✔️", 2],
    ["\x1b[31mred\x1b[39m", 3],
  ];
  for (const [text, width] of WIDTHS)
    test(`of ${JSON.stringify(text)} is ${width}`, () => expect(widthOf(text)).toBe(width));

  test("is kept when a text is cut, whatever it is made of", () => {
    for (const text of [
      "a long sentence",
      "書店の一覧を読む",
      "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧",
      "e\u0301".repeat(20),
      "и\u0306".repeat(20),
    ])
      for (let columns = 1; columns < 20; columns += 1) {
        expect(widthOf(cut(text, columns))).toBeLessThanOrEqual(columns);
        if (widthOf(text) <= columns) expect(cut(text, columns)).toBe(text);
        else expect(cut(text, columns)).toMatch(/…$/);
      }
  });

  test("is kept when a text is folded, and nothing of it is lost", () => {
    for (const text of [
      "a long sentence",
      "書店の一覧を読む",
      "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧",
      "/a/path/without/a/break in it",
      "",
    ])
      for (let columns = 2; columns < 20; columns += 1) {
        const lines = folded(text, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }
    expect(folded("at /srv/shop/state.json: 11 bytes", 10, { wholeWords: true })).toEqual([
      "at",
      "/srv/shop/state.json:",
      "11 bytes",
    ]);
    expect(folded("no checkpoint and no progress", 14)).toEqual(["no checkpoint", "and no", "progress"]);
  });
});

test("a path with decomposed letters is told as the file is named, which wrap-ansi 10.0.2 does not", () => {
  const path = "/srv/cafe\u0301/state.json";
  expect(folded(`at ${path}: 11 bytes`, 12, { wholeWords: true })).toContain(`${path}:`);
});

test("what a program wrote cannot steer the terminal of who looks at it", () => {
  expect(harmless("a\x1b[2Jb\x1b]0;title\x07c\r\nd\te")).toBe("abc d e");
  expect(harmless("x\u202eabc")).toBe("x abc");
});

describe("a table", () => {
  const columns = [
    { title: "RUN" },
    { title: "JOB", shrink: 8 },
    { title: "AGE", align: "right" as const },
    { title: "WHY", shrink: 12 },
  ];
  const id = "run_00mwr6ej2r3b183etklq";

  test("fits 80 columns, and leaves ids whole", () => {
    const lines = table(
      columns,
      [
        [id, "a-job-with-a-name-of-sixty-three-characters-as-long-as-it-may-be", "12 d", "x".repeat(200)],
        [id, "書".repeat(40), 3, null],
      ],
      80,
    );
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(lines[1]).toContain(id);
    expect(lines[1]).toMatch(/…$/);
    expect(lines[2]).toMatch(/–$/);
  });

  test("tells all of a last column that wraps, each line below the one before", () => {
    const wrapping = [...columns.slice(0, 3), { title: "WHY", shrink: 24, wrap: true }];
    const why = "No checkpoint with data and no progress: there is nothing to go on from.";
    const [, first = "", ...more] = table(wrapping, [[id, "nightly", "3 d 1 h", why]], 80);
    const at = first.indexOf("No checkpoint");
    expect(more.length).toBeGreaterThan(0);
    for (const line of more) expect(line.search(/\S/)).toBe(at);
    for (const line of [first, ...more]) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect([first, ...more].map((line) => line.slice(at).trim()).join(" ")).toBe(why);
  });

  test("lines its columns up by width, not by characters", () => {
    const [, first = "", second = ""] = table(
      columns,
      [
        [id, "書店", "1 s", "a"],
        [id, "shop", "20 s", "b"],
      ],
      80,
    );
    expect(widthOf(first.slice(0, first.indexOf("1 s")))).toBe(
      widthOf(second.slice(0, second.indexOf("20 s"))) + 1,
    );
  });

  test("shows all there is when there is room", () => {
    expect(
      table(
        [
          { title: "A", shrink: 3 },
          { title: "B", shrink: 3 },
        ],
        [["long enough", "too"]],
        80,
      ),
    ).toEqual(["A            B", "long enough  too"]);
  });
});

test("a fact that both of a run's judges rest on is told once", () => {
  const evidence = [
    { fact: "last sign of life", value: "none since the start" },
    { fact: "progress", value: "none reported" },
    { fact: "last sign of life", value: "none" },
  ];
  expect(evidencePairs(evidence)).toEqual([
    ["  last sign of life", "none since the start"],
    ["  progress", "none reported"],
  ]);
});

test("a refusal names the command's options, not the API's fields", () => {
  expect(inOwnWords("Expected at least 12 h; repeat with allowShort: true if it is meant.")).toBe(
    "Expected at least 12 h; add --allow-short if it is meant.",
  );
  expect(inOwnWords("The disk is full.")).toBe("The disk is full.");
});

test("a long list of reasons is cut off in a terminal, which is told, and whole in a pipe", () => {
  const told = (isTTY: boolean) => {
    const written: string[] = [];
    const out = { isTTY, columns: 80, write: (part: string) => written.push(part) > 0 };
    const streams = { out, err: out, env: {} } as unknown as ConstructorParameters<typeof Screen>[1];
    const rows = Array.from({ length: 120 }, (_, at) => [`row-${at}`, "No checkpoint."]);
    new Screen({ json: false, colour: false }, streams).table(
      [{ title: "RUN" }, { title: "WHY", wrap: true }],
      rows,
    );
    return written.join("").trimEnd().split("\n");
  };
  expect(told(true)).toHaveLength(52);
  expect(told(true).at(-1)).toContain("70 more");
  expect(told(false)).toHaveLength(121);
});
