import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCommandLine, parseCommandLine } from "./command-line";

const argvOf = (line: string) => parseCommandLine(line).argv;

describe("parseCommandLine", () => {
  it.each([
    ["", []],
    ["   ", []],
    ["scrapy crawl shop", ["scrapy", "crawl", "shop"]],
    ["  node\tindex.mjs \n --fast ", ["node", "index.mjs", "--fast"]],
    [`python -c 'print("hi there")'`, ["python", "-c", 'print("hi there")']],
    [`echo "a b"c'd e'f`, ["echo", "a bcd ef"]],
    [`echo '' ""`, ["echo", "", ""]],
    [String.raw`echo a\ b \\ \'`, ["echo", "a b", "\\", "'"]],
    [String.raw`echo "say \"hi\" \n \$x"`, ["echo", String.raw`say "hi" \n $x`]],
    ["node \\\n  --version", ["node", "--version"]],
    ["échо 日本語 🙂", ["échо", "日本語", "🙂"]],
  ])("reads %j", (line, argv) => {
    expect(parseCommandLine(line)).toMatchObject({ argv, problem: null });
  });

  it("keeps shell features as plain text and names them", () => {
    const { argv, hints, problem } = parseCommandLine("A=1 cat ~/x $HOME *.csv `date` | sort > out && ls");
    expect(argv).toEqual([
      "A=1",
      "cat",
      "~/x",
      "$HOME",
      "*.csv",
      "`date`",
      "|",
      "sort",
      ">",
      "out",
      "&&",
      "ls",
    ]);
    expect(hints).toEqual([
      "variable",
      "pipe",
      "redirect",
      "sequence",
      "pattern",
      "home",
      "substitution",
      "assignment",
    ]);
    expect(problem).toBeNull();
  });

  it("gives no hint for what stands in quotes or behind a backslash", () => {
    expect(parseCommandLine(String.raw`sh -c 'a | b > $c' "x && y" \*.csv --name=~`).hints).toEqual([]);
  });

  it.each([
    [`echo 'abc`, /single quote at position 6/],
    [`echo "abc`, /double quote at position 6/],
    ["echo abc\\", /backslash at the end/],
  ])("says what is unfinished in %j", (line, message) => {
    expect(parseCommandLine(line).problem).toMatch(message);
  });
});

describe("formatCommandLine", () => {
  it("quotes only what needs it", () => {
    expect(formatCommandLine(["node", "--a=b", "two words", "it's", ""])).toBe(
      String.raw`node --a=b 'two words' 'it'\''s' ''`,
    );
  });

  it("writes a line that reads back as the same array, whatever it holds, and without hints", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (argv) => {
        const read = parseCommandLine(formatCommandLine(argv));
        expect(read).toEqual({ argv, problem: null, hints: [] });
      }),
    );
  });

  it("never throws and never invents words, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (line) => {
        expect(argvOf(line).join("").length).toBeLessThanOrEqual(line.length);
      }),
    );
  });
});
