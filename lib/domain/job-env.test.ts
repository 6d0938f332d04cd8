import { describe, expect, test } from "vitest";
import { changeVariables, type EnvChange, type JobVariables, MAX_ENV_BYTES } from "./job-env";

const JOB: JobVariables = { env: { MODE: "full", OLD_TOKEN: "plain" }, secrets: { TOKEN: "s3cret" } };

const changed = (change: EnvChange, job = JOB) => {
  const { variables, issues } = changeVariables(job, change);
  expect(issues).toEqual([]);
  return variables;
};
const issues = (change: EnvChange, job = JOB) => changeVariables(job, change).issues;

describe("CR-7.4 a change to a job's variables", () => {
  test("leaves what it does not name", () => {
    expect(changed({})).toEqual(JOB);
    expect(changed({ env: { NEW: "1" } })).toEqual({ ...JOB, env: { ...JOB.env, NEW: "1" } });
    expect(changed({ envSecret: { OTHER: "x" } })).toEqual({
      ...JOB,
      secrets: { TOKEN: "s3cret", OTHER: "x" },
    });
  });

  test("that writes back what was read, and something else with it, changes only that", () => {
    const read = { env: JOB.env, envSecret: Object.keys(JOB.secrets) };
    expect(changed(read)).toEqual(JOB);
    expect(changed({ ...read, env: { ...read.env, MODE: "half" } })).toEqual({
      env: { MODE: "half", OLD_TOKEN: "plain" },
      secrets: JOB.secrets,
    });
  });

  test("takes away, plain or secret, before it sets", () => {
    expect(changed({ envRemove: ["MODE", "TOKEN"] })).toEqual({ env: { OLD_TOKEN: "plain" }, secrets: {} });
    expect(changed({ envRemove: ["TOKEN"], env: { TOKEN: "now plain" } }).env.TOKEN).toBe("now plain");
  });

  test("makes a plain one secret, with the value it has or another", () => {
    expect(changed({ envSecret: ["OLD_TOKEN"] })).toEqual({
      env: { MODE: "full" },
      secrets: { TOKEN: "s3cret", OLD_TOKEN: "plain" },
    });
    expect(changed({ envSecret: { OLD_TOKEN: "rotated" } }).secrets.OLD_TOKEN).toBe("rotated");
  });

  test("does not show a secret because somebody meant to replace it by env", () => {
    expect(issues({ env: { TOKEN: "new" } })).toEqual([
      { path: "env.TOKEN", message: expect.stringContaining("it is a secret") },
    ]);
  });

  test.each<[EnvChange, string]>([
    [{ envRemove: ["NONE"] }, 'expected a variable of the job, found "NONE"'],
    [{ envSecret: ["NONE"] }, 'expected a variable that has a value, found "NONE"'],
    [{ env: { A: "1" }, envSecret: { A: "2" } }, "it is in env, too"],
    [{ envSecret: { PATH: "/x" } }, "PATH cannot be a secret"],
    [{ envSecret: { CRAWLEE_STORAGE_DIR: "/x" } }, "CRAWLEE_STORAGE_DIR cannot be a secret"],
    [{ envSecret: { BIG: "x".repeat(MAX_ENV_BYTES) } }, "secrets counted"],
    [{ env: { BIG: "x".repeat(MAX_ENV_BYTES - 20) } }, "secrets counted"],
  ])("is refused in words, and without values: %j", (change, words) => {
    const told = JSON.stringify(issues(change));
    expect(told).toContain(words.replaceAll('"', '\\"'));
    expect(told).not.toMatch(/s3cret|xxxx/);
  });
});
