import { describe, expect, test } from "vitest";
import { type EnvRow, NEW_ROW, readEnvRows, toEnvRows } from "./env-rows";

const PEM = "-----BEGIN KEY-----\nabc=\n#no comment\n-----END KEY-----\n";
const before = toEnvRows({ env: { DOTENV: "A=1\r\nB=2\n#C=3", MODE: "full" }, envSecret: ["TOKEN"] });

function edited(change: (rows: EnvRow[]) => EnvRow[]) {
  return readEnvRows(change(before.map((row) => ({ ...row }))), before);
}

const aNew = (name: string, value: string, secret = false): EnvRow => ({ ...NEW_ROW, name, value, secret });

/** The row of that name with some of it typed anew. */
const typed = (name: string, over: Partial<EnvRow>) =>
  edited((rows) => rows.map((row) => (row.name === name ? { ...row, ...over } : row)));

describe("what a form sends of the variables", () => {
  test("FR-F5 is nothing of what was not touched, and no dots for a secret", () => {
    expect(edited((rows) => rows)).toEqual({ change: {}, problem: null });
    expect(typed("DOTENV", { value: "A=1\nB=2\n#C=3" }).change).toEqual({});
  });

  test("FR-F5 is a value with line ends as it stands", () => {
    expect(readEnvRows([aNew("PEM", PEM), aNew("KEY", PEM, true)], []).change).toEqual({
      env: { PEM },
      envSecret: { KEY: PEM },
    });
  });

  test("CR-7.4 is what was changed, replaced, renamed or taken away", () => {
    expect(typed("MODE", { value: "" }).change).toEqual({ env: { MODE: "" } });
    expect(typed("TOKEN", { value: "new" }).change).toEqual({ envSecret: { TOKEN: "new" } });
    expect(typed("MODE", { name: "MODUS" }).change).toEqual({ env: { MODUS: "full" }, envRemove: ["MODE"] });
    expect(edited((rows) => rows.filter(({ name }) => name !== "TOKEN")).change).toEqual({
      envRemove: ["TOKEN"],
    });
    expect(edited((rows) => [...rows, NEW_ROW]).change).toEqual({});
  });

  test("CR-7.4 makes a plain one secret with the value it has, and a secret one plain only with a value that is typed", () => {
    expect(typed("MODE", { secret: true }).change).toEqual({ envSecret: { MODE: "full" } });
    expect(typed("TOKEN", { secret: false, value: "shown" }).change).toEqual({
      env: { TOKEN: "shown" },
      envRemove: ["TOKEN"],
    });
    expect(typed("TOKEN", { secret: false }).problem).toMatch(/^TOKEN: type its value\./);
    expect(typed("TOKEN", { name: "OTHER" }).problem).toMatch(/^OTHER: type its value\./);
  });

  test("says what is wrong with a row", () => {
    expect(readEnvRows([aNew("", "x")], []).problem).toBe("A variable needs a name.");
    expect(readEnvRows([aNew("A", "x"), aNew(" A ", "y")], []).problem).toBe("A is there twice.");
    expect(readEnvRows([aNew("A", "", true)], []).problem).toBe("A: type its value.");
  });
});
