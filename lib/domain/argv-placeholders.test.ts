import { expect, test } from "vitest";
import { fillArgv, placeholderIssues } from "./argv-placeholders";
import { readParameters } from "./parameter-schema";

const parameters =
  readParameters({
    type: "object",
    properties: {
      shop: { type: "string" },
      region: { type: "string", enum: ["north", "-south"] },
      pages: { type: "integer" },
      fast: { type: "boolean" },
      since: { type: "string", format: "date" },
      apiKey: { type: "string", format: "password" },
    },
  }).parameters ?? expect.fail("it is refused");

const issues = (...argv: string[]) => placeholderIssues({ argv, parameters });
const filled = (values: Record<string, string | number | boolean>, ...argv: string[]) =>
  fillArgv({ argv: ["crawl", ...argv], parameters }, values, []);

test("a value stands in the place of its name", () => {
  const values = { shop: "a b", region: "north", pages: 3, fast: true, since: "2026-11-29" };
  expect(
    filled(
      values,
      "{{shop}}",
      "--x={{region}}/{{pages}}",
      "{{fast}}",
      "{{fast?--fast}}",
      "{{since}}",
      "plain",
    ).argv,
  ).toEqual(["crawl", "a b", "--x=north/3", "true", "--fast", "2026-11-29", "plain"]);
});

test("an argument whose value is missing, or whose switch is off, is left out whole", () => {
  expect(
    filled({ fast: false }, "--a={{shop}}", "{{pages}}", "{{fast?--fast}}", "{{fast}}", "b").argv,
  ).toEqual(["crawl", "false", "b"]);
});

test("values are put in once: braces in them mean nothing", () => {
  expect(filled({ shop: "{{pages}}{{{{", pages: 3 }, "x{{shop}}").argv).toEqual(["crawl", "x{{pages}}{{{{"]);
});

test("four braces are two, and other braces are braces", () => {
  expect(issues("crawl", "{{{{shop}}", '{"a":{"b":1}}', "{shop}", "}}")).toEqual([]);
  expect(filled({ shop: "a" }, "{{{{shop}}", "{{{{{{shop}}", '{"a":{"b":1}}').argv).toEqual([
    "crawl",
    "{{shop}}",
    "{{a",
    '{"a":{"b":1}}',
  ]);
});

test("a job without parameters keeps its braces, and arguments of a start are never read", () => {
  const argv = ["crawl", "{{shop}}", "{{{{"];
  expect(placeholderIssues({ argv, parameters: null })).toEqual([]);
  expect(fillArgv({ argv, parameters: null }, {}, []).argv).toEqual(argv);
  expect(fillArgv({ argv: ["crawl"], parameters }, { shop: "a" }, ["{{shop}}"]).argv).toEqual([
    "crawl",
    "{{shop}}",
  ]);
});

test.each([
  [["crawl", "{{colour}}"], "argv.1", "is no parameter of this job; it has shop, region"],
  [["crawl", "{{constructor}}"], "argv.1", "is no parameter of this job"],
  [["crawl", "{{__proto__}}"], "argv.1", "is no parameter of this job"],
  [["crawl", "{{ shop }}"], "argv.1", "expected {{name}}"],
  [["crawl", "{{shop"], "argv.1", "two braces themselves are written {{{{"],
  [["crawl", "{{}}"], "argv.1", "expected {{name}}"],
  [["{{shop}}", "a"], "argv.0", "the program itself cannot be a parameter"],
  [["/opt/{{region}}/crawl"], "argv.0", "the program itself cannot be a parameter"],
  [["crawl", "--key={{apiKey}}"], "argv.1", "every user of the host can read command lines"],
  [["crawl", "{{apiKey?--key}}"], "argv.1", "every user of the host can read command lines"],
  [["crawl", "{{shop?--shop}}"], "argv.1", "needs a parameter that is true or false; shop is a string"],
  [["crawl", "--x{{fast?--fast}}"], "argv.1", "has to be the whole argument"],
  [["sh", "-c", "crawl {{shop}}"], "argv.2", 'use "$UNSTUCK_PARAM_SHOP" there instead'],
  [["timeout", "9", "sh", "-c", "crawl {{shop}}"], "argv.4", "the script of sh -c"],
])("%j is refused when the job is saved", (argv, path, message) => {
  expect(issues(...argv)).toEqual([{ path, message: expect.stringContaining(message) }]);
});

test("numbers, dates, switches and options of the job's own may stand in code", () => {
  expect(issues("sh", "-c", "crawl {{region}} {{pages}} {{since}} {{fast}}")).toEqual([]);
});

test.each(["-x", "--output=/etc/passwd", "-"])(
  "%j at the beginning of an argument is refused at the start",
  (shop) => {
    const refused = [{ path: "shop", message: expect.stringContaining('does not begin with "-"') }];
    expect(filled({ shop }, "{{shop}}").issues).toEqual(refused);
    expect(filled({ shop }, "{{shop}}/{{pages}}").issues).toEqual([]);
    expect(filled({ shop, pages: 1 }, "{{shop}}/{{pages}}").issues).toEqual(refused);
    expect(filled({ shop }, "--shop={{shop}}").issues).toEqual([]);
  },
);

test("an empty value before it does not hide the dash", () => {
  const two =
    readParameters({ type: "object", properties: { a: { type: "string" }, b: { type: "string" } } })
      .parameters ?? expect.fail("it is refused");
  expect(
    fillArgv({ argv: ["crawl", "{{a}}{{b}}"], parameters: two }, { a: "", b: "-x" }, []).issues,
  ).toHaveLength(1);
  expect(fillArgv({ argv: ["crawl", "{{a}}"], parameters: two }, { a: "" }, []).argv).toEqual(["crawl", ""]);
});

test("numbers and the job's own options may begin with a dash", () => {
  expect(filled({ pages: -3, region: "-south" }, "{{pages}}", "{{region}}")).toEqual({
    argv: ["crawl", "-3", "-south"],
    issues: [],
  });
});

test("a command that grows beyond what a program can be given is refused", () => {
  const argv = ["crawl", ...Array.from({ length: 30 }, () => "{{shop}}")];
  expect(fillArgv({ argv, parameters }, { shop: "x".repeat(4_000) }, []).issues).toEqual([
    { path: "", message: "expected a command of at most 98304 bytes in all" },
  ]);
});
