import { expect, test } from "vitest";
import { readParameters } from "@/lib/domain/parameter-schema";
import { draftOf, readDraft } from "./parameter-draft";

const parameters =
  readParameters({
    type: "object",
    properties: {
      shop: { type: "string" },
      region: { type: "string", enum: ["north", "south"], default: "north" },
      pages: { type: "integer", maximum: 9, default: 3 },
      fast: { type: "boolean" },
      since: { type: "string", format: "date" },
      apiKey: { type: "string", format: "password" },
    },
    required: ["shop", "apiKey"],
  }).parameters ?? expect.fail("it is refused");

const BLANK = { shop: "", region: "north", pages: "3", fast: "false", since: "", apiKey: "" };

test("a first form has the defaults", () => {
  expect(draftOf(parameters, null)).toEqual(BLANK);
  expect(draftOf(parameters, { parameters: null, parametersSecret: [] })).toEqual(BLANK);
});

test("the next one has what the run before was given, where it still fits, and never a secret", () => {
  const given = { shop: "a", region: "west", pages: 50, fast: true, gone: "x", apiKey: true };
  const before = { parameters: given, parametersSecret: ["apiKey"] };
  expect(draftOf(parameters, before)).toEqual({ ...BLANK, shop: "a", fast: "true" });
  // It was shown then, and is a secret now.
  const plain = { parameters: { apiKey: "shown" }, parametersSecret: [] };
  expect(draftOf(parameters, plain).apiKey).toBe("");
  // It was a secret then, of which only that it was given is known.
  const hidden = { parameters: { fast: true }, parametersSecret: ["fast"] };
  expect(draftOf(parameters, hidden).fast).toBe("false");
});

test("what is typed is read as what it is, and a blank is not given", () => {
  expect(readDraft(parameters, { ...BLANK, shop: " a ", pages: " 7 ", region: "", apiKey: "k" })).toEqual({
    ok: true,
    values: { shop: " a ", pages: 7, fast: false, apiKey: "k" },
  });
});

test("every problem is told at its field", () => {
  const typed = { ...BLANK, pages: "many", since: "2026-02-30", apiKey: "k" };
  expect(readDraft(parameters, typed)).toEqual({
    ok: false,
    issues: [
      { path: "shop", message: "is required" },
      { path: "pages", message: "expected a number, found “many”" },
      { path: "since", message: 'expected a date that exists, such as 2026-11-29, found "2026-02-30"' },
    ],
  });
});
