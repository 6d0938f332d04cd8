import { expect, test } from "vitest";
import { readParameters } from "./parameter-schema";
import { readValues } from "./parameter-values";
import { toVariables, variableOf } from "./parameters";

const declared = (properties: object, required: string[] = []) =>
  readParameters({ type: "object", properties, required }).parameters ?? expect.fail("it is refused");
const problems = (fields: object, value: unknown) =>
  readValues(declared({ x: fields }), { x: value }).issues.map(({ message }) => message);

const SHOP = declared(
  {
    shop: { type: "string" },
    region: { type: "string", enum: ["north", "south"], default: "north" },
    pages: { type: "integer", minimum: 1 },
    fast: { type: "boolean", default: false },
    apiKey: { type: "string", format: "password" },
  },
  ["shop"],
);

test("what is not given has its default, or is left out", () => {
  expect(readValues(SHOP, { shop: "a" })).toEqual({
    values: { shop: "a", region: "north", fast: false },
    issues: [],
  });
});

test("every problem is told at once: what is missing, unknown, and of another type", () => {
  expect(readValues(SHOP, { region: "west", pages: "3", fast: 1, colour: "red", apiKey: 3 }).issues).toEqual([
    { path: "colour", message: "is no parameter of this job; it has shop, region, pages, fast, apiKey" },
    { path: "shop", message: "is required" },
    { path: "region", message: 'expected one of "north", "south", found "west"' },
    { path: "pages", message: "expected a whole number, found a string" },
    { path: "fast", message: "expected true or false, found a number" },
    { path: "apiKey", message: "expected text, found a number" },
  ]);
  expect(readValues(null, { shop: "a" }).issues).toEqual([
    { path: "shop", message: "the job declares no parameters" },
  ]);
});

test("a name that every object has is not there unless it is declared", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    const given = JSON.parse(`{"shop": "a", "${name}": "b"}`) as Record<string, unknown>;
    expect(
      readValues(SHOP, given).issues.map(({ path }) => path),
      name,
    ).toEqual([name]);
  }
  const own = declared({ constructor: { type: "string" } }, ["constructor"]);
  expect(readValues(own, {}).issues).toEqual([{ path: "constructor", message: "is required" }]);
  expect(readValues(own, { constructor: "a" }).values).toEqual({ constructor: "a" });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  [null, "expected text, found null"],
  [[], "expected text, found a list"],
  [{}, "expected text, found an object"],
  [true, "expected text, found a boolean"],
  ["a\0b", "expected text without control characters"],
  ["a\u001b[31mb", "expected text without control characters"],
  ["a\rb", "expected text without control characters"],
  ["a\u007f", "expected text without control characters"],
  ["a\u0085", "expected text without control characters"],
  ["\ud83d", "halves of characters"],
  ["x".repeat(4_001), "expected at most 4000 characters, found 4001"],
])("%j is no text for a program", (value, problem) => {
  expect(problems({ type: "string" }, value).join()).toContain(problem);
});

test.each(["", "a b", "a\tb\nc", "Größe 🏪 漢字 \u202e", "-", "$(id)", "'; rm -rf /; '", "🏪".repeat(4_000)])(
  "%j is text like any other",
  (value) => {
    expect(problems({ type: "string" }, value)).toEqual([]);
  },
);

test("characters are counted as people count them", () => {
  expect(problems({ type: "string", maxLength: 2 }, "🏪🏪")).toEqual([]);
  expect(problems({ type: "string", minLength: 2 }, "🏪")).toEqual([
    "expected at least 2 characters, found 1",
  ]);
});

test.each([
  ["integer", 1.5],
  ["integer", 2 ** 53],
  ["integer", -(2 ** 53)],
  ["integer", Number.POSITIVE_INFINITY],
  ["integer", Number.NaN],
  ["integer", "1"],
  ["integer", null],
  ["integer", true],
  ["number", Number.NEGATIVE_INFINITY],
  ["number", Number.NaN],
  ["number", "1.5"],
])("%s: %s is refused", (type, value) => {
  expect(problems({ type }, value)).toHaveLength(1);
});

test("numbers within their limits are let through", () => {
  expect(problems({ type: "integer" }, 2 ** 53 - 1)).toEqual([]);
  expect(problems({ type: "number", minimum: 0.5 }, 1e300)).toEqual([]);
  expect(problems({ type: "number", minimum: 0.5 }, 0.4)).toEqual(["expected at least 0.5, found 0.4"]);
});

test.each([
  "2026-02-30",
  "2026-13-01",
  "2025-02-29",
  "2026-1-1",
  "29.11.2026",
  "2026-11-29T00:00:00Z",
  "",
  " 2026-11-29",
])("%j is no date that exists", (value) => {
  expect(problems({ type: "string", format: "date" }, value)).toHaveLength(1);
});

test("dates that exist are let through", () => {
  for (const value of ["2026-11-29", "2024-02-29", "0001-01-01"])
    expect(problems({ type: "string", format: "date" }, value)).toEqual([]);
});

test("a password has a value, and no problem tells it", () => {
  const key = { type: "string", format: "password", minLength: 9 };
  expect(problems(key, "")).toEqual(["expected a value, found an empty text"]);
  for (const value of ["hunter2!", "hunter2\0 and more", `hunter2${"x".repeat(4_000)}`]) {
    expect(problems(key, value)).toHaveLength(1);
    expect(problems(key, value).join()).not.toContain("hunter2");
  }
});

test("all values together are not more than a command line can hold", () => {
  const names = Array.from({ length: 30 }, (_, at) => `p${at}`);
  const many = declared(Object.fromEntries(names.map((name) => [name, { type: "string" }])));
  const given = Object.fromEntries(names.map((name) => [name, "x".repeat(4_000)]));
  expect(readValues(many, given).issues).toEqual([
    { path: "", message: "expected at most 98304 bytes in all values together" },
  ]);
});

test("a program gets them as variables, as JSON writes them", () => {
  expect(["shop", "apiKey", "maxPageCount", "page2", "page2Url", "a_b", "maxURLs"].map(variableOf)).toEqual([
    "UNSTUCK_PARAM_SHOP",
    "UNSTUCK_PARAM_API_KEY",
    "UNSTUCK_PARAM_MAX_PAGE_COUNT",
    "UNSTUCK_PARAM_PAGE2",
    "UNSTUCK_PARAM_PAGE2_URL",
    "UNSTUCK_PARAM_A_B",
    "UNSTUCK_PARAM_MAX_URLS",
  ]);
  expect(toVariables({ shop: "a b", fast: true, pages: 3, ratio: 1e21 })).toEqual({
    UNSTUCK_PARAM_SHOP: "a b",
    UNSTUCK_PARAM_FAST: "true",
    UNSTUCK_PARAM_PAGES: "3",
    UNSTUCK_PARAM_RATIO: "1e+21",
  });
});
