import { expect, test } from "vitest";
import { readParameters } from "./parameter-schema";

const of = (properties: unknown, more: object = {}) =>
  readParameters({ type: "object", properties, ...more });
const issues = (value: unknown) =>
  readParameters(value).issues.map(({ path, message }) => `${path}: ${message}`);
const said = (fields: unknown) =>
  of({ shop: fields }).issues.map(
    ({ path, message }) => `${path.replace("properties.shop", "")}: ${message}`,
  );

test("nothing, and no properties, declare none", () => {
  for (const value of [null, undefined, { type: "object", properties: {} }])
    expect(readParameters(value)).toEqual({ parameters: null, issues: [] });
});

test("what can be said of each type is kept, in the order of the form", () => {
  const properties = {
    shop: {
      type: "string",
      title: "Shop",
      description: "Which one.",
      default: "north",
      examples: ["south"],
      enum: ["north", "south"],
      minLength: 1,
      maxLength: 20,
    },
    pages: { type: "integer", default: 3, examples: [4], minimum: 1, maximum: 10 },
    ratio: { type: "number", minimum: 0.1, maximum: 0.9 },
    fast: { type: "boolean", default: true },
    since: { type: "string", default: "2026-11-29", format: "date" },
    apiKey: { type: "string", minLength: 8, format: "password", writeOnly: true },
  };
  const read = of(properties, { required: ["apiKey", "shop"] });
  expect(read.issues).toEqual([]);
  expect(read.parameters).toEqual({ type: "object", properties, required: ["shop", "apiKey"] });
  expect(Object.keys(read.parameters?.properties ?? {})).toEqual(Object.keys(properties));
  expect(readParameters(read.parameters)).toEqual(read);
});

test("a password always says that it is only written", () => {
  expect(of({ key: { type: "string", format: "password" } }).parameters?.properties.key).toEqual({
    type: "string",
    format: "password",
    writeOnly: true,
  });
});

test.each([
  ["text", "properties"],
  [[], ""],
  [3, ""],
  [{ properties: {} }, "type"],
  [{ type: "object" }, "properties"],
  [{ type: "object", properties: [] }, "properties"],
  [{ type: "object", properties: {}, additionalProperties: false }, "additionalProperties"],
  [{ type: "object", properties: {}, $ref: "x" }, "$ref"],
  [{ type: "object", properties: { a: { type: "string" } }, required: ["b"] }, "required"],
  [{ type: "object", properties: { a: { type: "string" } }, required: "a" }, "required"],
])("%j is refused", (value, path) => {
  const found = readParameters(value);
  expect(found.parameters).toBeNull();
  expect(found.issues.length).toBeGreaterThan(0);
  if (path !== "properties" && path !== "") expect(found.issues.map((issue) => issue.path)).toContain(path);
});

test.each([
  "Shop",
  "1shop",
  "_shop",
  "shop-name",
  "shop name",
  "",
  "größe",
  "__proto__",
  "a".repeat(41),
  "$x",
])("%j is no name", (name) => {
  const properties = JSON.parse(`{${JSON.stringify(name)}: {"type": "string"}}`) as unknown;
  expect(of(properties)).toMatchObject({
    parameters: null,
    issues: [{ path: `properties.${name}`, message: expect.stringContaining("begins with a small letter") }],
  });
});

test("names that every object has are names like any other", () => {
  const read = of({ constructor: { type: "string" }, toString: { type: "integer" } });
  expect(read.issues).toEqual([]);
  expect(Object.keys(read.parameters?.properties ?? {})).toEqual(["constructor", "toString"]);
});

test("two names that are one variable are refused", () => {
  for (const other of ["api_key", "api_Key", "apikey_"])
    expect(of({ apiKey: { type: "string" }, [other]: { type: "string" } }).issues).toHaveLength(
      other === "apikey_" ? 0 : 1,
    );
  expect(
    issues({ type: "object", properties: { shop: { type: "string" }, sHOP: { type: "string" } } }),
  ).toEqual([]);
  expect(
    issues({ type: "object", properties: { aB: { type: "string" }, a_b: { type: "string" } } }).join(),
  ).toContain("the same variable as aB, UNSTUCK_PARAM_A_B");
});

test("what is beyond the subset is refused with the word and what is possible", () => {
  expect(said({ type: "string", oneOf: [] })).toEqual([
    ".oneOf: is not possible here; possible are type, title, description, default, examples, enum, minLength, maxLength, format",
  ]);
  expect(said({ type: "string", pattern: "^(a+)+$" }).join()).toContain("A pattern is left out on purpose");
  expect(said({ type: "array", items: {} })).toEqual([
    ".type: expected one of string, integer, number, boolean",
  ]);
  expect(said({ type: ["string", "null"] })).toHaveLength(1);
  expect(said({ type: "string", format: "email" })).toEqual([".format: expected one of date, password"]);
  expect(said({ type: "integer", enum: [1] }).join()).toContain(".enum: is not possible here");
  expect(said({ type: "boolean", minimum: 1 })).toHaveLength(1);
  expect(said({ type: "string", format: "date", enum: ["2026-01-01"] })).toHaveLength(1);
  expect(said({ type: "string", writeOnly: true })).toHaveLength(1);
  expect(said("string")).toHaveLength(1);
  expect(said(null)).toHaveLength(1);
});

test("a password has no default, no options and no examples", () => {
  const password = { type: "string", format: "password" };
  for (const more of [{ default: "hunter2" }, { enum: ["a"] }, { examples: ["a"] }, { writeOnly: false }])
    expect(said({ ...password, ...more })).toHaveLength(1);
  expect(said({ ...password, default: "hunter2" }).join()).not.toContain("hunter2");
});

test.each([
  [{ type: "string", default: 3 }, ".default: expected text, found a number"],
  [{ type: "string", enum: ["a"], default: "b" }, '.default: expected one of "a", found "b"'],
  [{ type: "string", maxLength: 2, default: "abc" }, ".default: expected at most 2 characters, found 3"],
  [{ type: "integer", default: 1.5 }, ".default: expected a whole number, found 1.5"],
  [{ type: "integer", minimum: 2, default: 1 }, ".default: expected at least 2, found 1"],
  [{ type: "boolean", default: "true" }, ".default: expected true or false, found a string"],
  [
    { type: "string", format: "date", default: "2026-02-30" },
    '.default: expected a date that exists, such as 2026-11-29, found "2026-02-30"',
  ],
  [{ type: "string", maxLength: 1, examples: ["ab"] }, ".examples.0: expected at most 1 characters, found 2"],
  [{ type: "string", maxLength: 1, enum: ["ab"] }, ".enum.0: expected at most 1 characters, found 2"],
])("%j does not fit itself", (fields, problem) => {
  expect(said(fields)).toContain(problem);
});

test.each([
  { type: "string", minLength: 3, maxLength: 2 },
  { type: "string", minLength: -1 },
  { type: "string", maxLength: 4_001 },
  { type: "string", maxLength: 1.5 },
  { type: "string", enum: [] },
  { type: "string", enum: ["a", "a"] },
  { type: "string", enum: [""] },
  { type: "string", enum: [1] },
  { type: "string", enum: "a" },
  { type: "string", title: "" },
  { type: "string", title: 3 },
  { type: "string", description: "x".repeat(1_001) },
  { type: "string", examples: "a" },
  { type: "integer", minimum: 1.5 },
  { type: "integer", maximum: 2 ** 53 },
  { type: "number", minimum: 3, maximum: 2 },
  { type: "number", minimum: "3" },
])("%j is refused", (fields) => {
  expect(said(fields).length).toBeGreaterThan(0);
});

test("there is an end to how many there are, and how much is said of them", () => {
  const many = (count: number, fields: object = {}) =>
    of(
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, { type: "string", ...fields }])),
    );
  expect(many(50).issues).toEqual([]);
  expect(many(51).issues).toHaveLength(1);
  expect(
    many(50, { description: "x".repeat(1_000), enum: ["y".repeat(200), "z".repeat(200)] }).issues,
  ).toEqual([{ path: "", message: "expected at most 65536 characters in all" }]);
});
