import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnsiStyle, codesOf, PLAIN, parseAnsi, plainText, styleAfter, TRUE_COLOUR } from "./ansi";

const E = "\u001b";

function styled(part: Partial<AnsiStyle>): AnsiStyle {
  return { ...PLAIN, ...part };
}

describe("parseAnsi", () => {
  it.each<[string, Partial<AnsiStyle>]>([
    ["1", { bold: true }],
    ["2", { dim: true }],
    ["3", { italic: true }],
    ["4", { underline: true }],
    ["4:3", { underline: true }],
    ["7", { inverse: true }],
    ["9", { strike: true }],
    ["31", { fg: 1 }],
    ["97", { fg: 15 }],
    ["42", { bg: 2 }],
    ["100", { bg: 8 }],
    ["1;31;44", { bold: true, fg: 1, bg: 4 }],
    ["38;5;208", { fg: 208 }],
    ["48;5;17;1", { bg: 17, bold: true }],
    ["38;2;1;2;3", { fg: TRUE_COLOUR + 0x010203 }],
    ["38:2::1:2:3", { fg: TRUE_COLOUR + 0x010203 }],
    ["38:2:1:2:3", { fg: TRUE_COLOUR + 0x010203 }],
    ["48:5:9", { bg: 9 }],
    ["38;5;999", {}],
    ["38;2;1;2", {}],
    ["38;9;1", { bold: true }],
    ["31;0", {}],
    ["31;", {}],
    ["8", {}],
    ["73", {}],
  ])("reads SGR %s", (params, part) => {
    expect(parseAnsi(`${E}[${params}mx`).spans).toEqual([{ text: "x", style: styled(part) }]);
  });

  it.each([
    ["22", { bold: true, dim: true }],
    ["23", { italic: true }],
    ["24", { underline: true }],
    ["27", { inverse: true }],
    ["29", { strike: true }],
    ["39", { fg: 1 }],
    ["49", { bg: 1 }],
    ["", { fg: 1, bold: true }],
    ["0", { fg: 1, bold: true }],
  ])("undoes what SGR %s names", (params, before) => {
    expect(parseAnsi(`${E}[${params}m`, styled(before)).end).toBe(PLAIN);
  });

  it("cuts a line into runs and hands its last style on", () => {
    const { spans, end } = parseAnsi(`a${E}[31mb${E}[1mc`);
    expect(spans.map((span) => span.text)).toEqual(["a", "b", "c"]);
    expect(end).toEqual(styled({ fg: 1, bold: true }));
    expect(parseAnsi("d", end).spans).toEqual([{ text: "d", style: end }]);
  });

  it("joins runs of one style across sequences that change nothing", () => {
    expect(parseAnsi(`a${E}[Kb${E}[0mc`).spans).toEqual([{ text: "abc", style: PLAIN }]);
  });

  it.each([
    ["erasing and cursor moves", `${E}[2K${E}[1Ga${E}[?25l`, "a"],
    ["a window title", `${E}]0;title\u0007a`, "a"],
    ["a link", `${E}]8;;https://x.test${E}\\a${E}]8;;${E}\\`, "a"],
    ["an unfinished title, keeping its text", `${E}]0;title`, "0;title"],
    ["a character set", `${E}(Ba`, "a"],
    ["a sequence cut short", `a${E}[31`, "a"],
    ["a sequence broken by a letter of another script", `${E}[31é`, "é"],
    ["a lone escape", `a${E}`, "a"],
    ["bells and backspaces, but not tabs", "a\u0007\b\tb", "a\tb"],
  ])("strips %s", (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
    expect(
      parseAnsi(text)
        .spans.map((span) => span.text)
        .join(""),
    ).toBe(plain);
  });

  it("never throws, and shows in spans exactly what plain text shows", () => {
    const noise = fc.string({
      unit: fc.constantFrom(E, "[", "]", ";", ":", "m", "3", "8", "\\", "\u0007", "\u009b", "é", "a", "P"),
    });
    fc.assert(
      fc.property(noise, (text) => {
        const { spans, end } = parseAnsi(text);
        expect(spans.map((span) => span.text).join("")).toBe(plainText(text));
        expect(styleAfter(text, PLAIN)).toEqual(end);
      }),
    );
  });

  it("loses no printable text between whole sequences", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "[", "31m", "é", "😀", " ", ";", "<b>") });
    const sequence = fc.constantFrom(
      `${E}[0m`,
      `${E}[1;38;5;3m`,
      `${E}[2K`,
      `${E}]0;t\u0007`,
      `${E}(B`,
      `${E}M`,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, sequence)), (parts) => {
        expect(plainText(parts.flat().join(""))).toBe(parts.map(([text]) => text).join(""));
      }),
    );
  });
});

describe("codesOf", () => {
  it("keeps what still colours the text after it", () => {
    expect(codesOf(`${E}[31ma${E}[0mb${E}[1mc${E}[2K`)).toBe(`${E}[0m${E}[1m`);
    expect(codesOf("plain")).toBe("");
  });

  it("keeps a sequence that is not finished yet", () => {
    expect(codesOf(`a${E}[3`)).toBe(`${E}[3`);
  });

  it("leads to the same style as the whole text", () => {
    const part = fc.constantFrom(
      "a",
      `${E}[0m`,
      `${E}[1m`,
      `${E}[31m`,
      `${E}[;2m`,
      `${E}[0;44m`,
      `${E}[39m`,
      `${E}[K`,
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        expect(styleAfter(codesOf(text), PLAIN)).toEqual(styleAfter(text, PLAIN));
      }),
    );
  });
});
