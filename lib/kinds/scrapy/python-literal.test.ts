import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PythonValue, readPythonLiteral } from "./python-literal";

const read = (text: string): PythonValue | undefined => readPythonLiteral(text)?.value;

describe("a Python literal", () => {
  const CASES: readonly (readonly [string, PythonValue])[] = [
    ["None", null],
    ["True", true],
    ["-12", -12],
    ["1_000", 1000],
    ["0x1F", 31],
    ["1.5e3", 1500],
    ["3.", 3],
    ["'it\\'s'", "it's"],
    [`"a" 'b'`, "ab"],
    ["('one '\n 'two')", "one two"],
    ["r'\\d'", "\\d"],
    ["b'\\x41\\n'", "A\n"],
    ["'\\u00e9\\U0001F600'", "é😀"],
    ["'''a\n'b'''", "a\n'b"],
    ["[1, 'a', [], ]", [1, "a", []]],
    ["(1,)", [1]],
    ["(1)", 1],
    ["()", []],
    ["{1, 2}", [1, 2]],
    ["{}", new Map()],
    ["{'a': {'b': None}}", new Map([["a", new Map([["b", null]])]])],
    ["nan", { text: "nan" }],
    ["<class 'shop.Retry'>", { text: "<class 'shop.Retry'>" }],
  ];
  for (const [text, value] of CASES) test(JSON.stringify(text), () => expect(read(text)).toEqual(value));

  test("with a date and its zone keeps that as text, and goes on behind it", () => {
    const text =
      "{'finish_time': datetime.datetime(2026, 8, 1, 10, 0, tzinfo=datetime.timezone.utc),\n 'n': 3}\nmore";
    const found = readPythonLiteral(text);
    expect(found?.value).toEqual(
      new Map<string, PythonValue>([
        ["finish_time", { text: "datetime.datetime(2026, 8, 1, 10, 0, tzinfo=datetime.timezone.utc)" }],
        ["n", 3],
      ]),
    );
    expect(text.slice(found?.end)).toBe("\nmore");
  });
});

test("what has no end is nothing", () => {
  for (const text of ["", "{", "{'a': 1", "{'a' 1}", "'abc", "[1, 2", "f(", "<x", "]", ",", "'\\"])
    expect(readPythonLiteral(text)).toBeNull();
});

test("what is nested without end is refused, not followed", () => {
  expect(readPythonLiteral("[".repeat(100_000))).toBeNull();
  expect(readPythonLiteral(`${"[".repeat(30)}${"]".repeat(30)}`)).not.toBeNull();
});

const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.string({ unit: "binary" }),
);
const { value: anyValue } = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

test("whatever Python prints is read back", () => {
  fc.assert(
    fc.property(anyValue, fc.constantFrom("", "\n "), (value, space) => {
      expect(read(python(value, space))).toEqual(value);
    }),
    { numRuns: 400 },
  );
});

test("no text makes it throw or hang", () => {
  const hostile = fc.string({
    unit: fc.constantFrom(..."{}[](),:'\"\\<>=. \nxXuU0123eE-+_abrNone"),
    maxLength: 300,
  });
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ maxLength: 300 })), (text) => void readPythonLiteral(text)),
    { numRuns: 2_000 },
  );
  for (const part of ["'", "\\", "<", "a(", "1", "('a'", "{'a':", "'a' ", "( "])
    for (const end of ["", "z", "\n", ")"]) readPythonLiteral(part.repeat(200_000) + end);
});

/** As `pprint` does: the member of a tuple, list or dictionary on a line of its own. */
function python(value: PythonValue, space: string): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return quoted(value);
  if (value instanceof Map)
    return `{${[...value].map(([key, one]) => `${python(key, space)}: ${python(one, space)}`).join(`,${space}`)}}`;
  if (Array.isArray(value)) return `[${value.map((one) => python(one, space)).join(`,${space}`)}]`;
  throw new Error("not made by this test");
}

function quoted(text: string): string {
  const escaped = [...text].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === "'" || char === "\\") return `\\${char}`;
    if (code < 32 || (code > 126 && code < 256)) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code > 0xffff) return `\\U${code.toString(16).padStart(8, "0")}`;
    return code > 255 && code % 2 === 0 ? `\\u${code.toString(16).padStart(4, "0")}` : char;
  });
  return `'${escaped.join("")}'`;
}
