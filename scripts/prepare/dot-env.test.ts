import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadDotEnv } from "./dot-env.mjs";

const folder = mkdtempSync(join(tmpdir(), "unstuck-dot-env-"));
const before = { ...process.env };

afterEach(() => {
  for (const name of Object.keys(process.env)) if (before[name] === undefined) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(folder, { recursive: true, force: true });
});

test("CR-7.2 what .env adds is told apart from what the dashboard was started with, which wins", () => {
  const file = join(folder, ".env");
  writeFileSync(file, "DATABASE_URL=secret\nHOME=/elsewhere\n");
  const { started, dotEnv } = loadDotEnv(file);
  expect(started).toEqual(before);
  expect(dotEnv).toEqual({ DATABASE_URL: "secret" });
  expect(process.env).toMatchObject({ DATABASE_URL: "secret", HOME: before.HOME });
});

test("without a file nothing is added", () => {
  expect(loadDotEnv(join(folder, "none"))).toEqual({ started: before, dotEnv: {} });
});
