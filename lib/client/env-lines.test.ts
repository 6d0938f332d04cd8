import { parse } from "dotenv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEnvText } from "./env-lines";

const PEM = "-----BEGIN KEY-----\nab+/=\n-----END KEY-----\n";

describe("FR-F5 the pasted text of a .env file", () => {
  test.each([
    ["A=1\nB=2\n", { A: "1", B: "2" }],
    ["export A=1\r\n\r\n# comment\r\n B = two words  # why\r\n", { A: "1", B: "two words" }],
    [`KEY="${PEM}"\nNEXT=1`, { KEY: PEM, NEXT: "1" }],
    [`KEY="${PEM.replaceAll("\n", "\\n")}"`, { KEY: PEM }],
    [`A='$HOME \\n #'\nB="#x"\nC=\`it's "so"\``, { A: "$HOME \\n #", B: "#x", C: `it's "so"` }],
    ['JSON={"a":"b","c":[1,2]}', { JSON: '{"a":"b","c":[1,2]}' }],
    ["URL=https://u:p@h/?a=b==", { URL: "https://u:p@h/?a=b==" }],
    ["A=\nB=''\nA=2", { A: "2", B: "" }],
    ["A: yaml", { A: "yaml" }],
  ])("is read as the usual loaders read it: %j", (text, env) => {
    expect(parseEnvText(text)).toEqual({ env, notRead: [] });
    expect(parse(text), "by dotenv itself").toEqual(env);
  });

  test("is read as dotenv reads it, whatever stands in it", () => {
    const bits = [
      "A",
      "B_1",
      "=",
      "==",
      ":",
      " ",
      "\t",
      "\n",
      "\r\n",
      "#",
      "'",
      '"',
      "`",
      "\\",
      "\\n",
      "$",
      "export ",
      "x.y-z",
      "ä",
      "{",
    ];
    const texts = fc.array(fc.constantFrom(...bits), { maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseEnvText(text).env).toEqual(parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test("says which lines of it say nothing", () => {
    const { env, notRead } = parseEnvText("A=1\nset B=2 now\n-----BEGIN\n# fine\n\nC=3");
    expect(env).toEqual({ A: "1", C: "3" });
    expect(notRead).toEqual(["set B=2 now", "-----BEGIN"]);
  });
});
