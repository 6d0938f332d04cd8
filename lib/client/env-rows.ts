import type { JobView } from "@/lib/contracts/job";
import type { EnvChange } from "@/lib/domain/job-env";

/** A variable as it is typed. `was`: as the server has it, null for a new one; of a secret the value is not known here. */
export type EnvRow = {
  name: string;
  value: string;
  secret: boolean;
  was: { readonly name: string; readonly value: string; readonly secret: boolean } | null;
};

export const NEW_ROW: EnvRow = { name: "", value: "", secret: false, was: null };

export function toEnvRows({ env, envSecret }: Pick<JobView, "env" | "envSecret">): EnvRow[] {
  const plain = Object.entries(env).map(([name, value]) => ({ name, value, secret: false }));
  const secret = envSecret.map((name) => ({ name, value: "", secret: true }));
  return [...plain, ...secret].map((row) => ({ ...row, was: { ...row } }));
}

type Reading = { readonly change: EnvChange; readonly problem: string | null };

/**
 * Only what was touched is a change, so that saving a form can damage no value it could not show.
 * @param before the rows the form began with
 */
export function readEnvRows(rows: readonly EnvRow[], before: readonly EnvRow[]): Reading {
  const env: Record<string, string> = {};
  const envSecret: Record<string, string> = {};
  const told = rows
    .map((row) => ({ ...row, name: row.name.trim() }))
    .filter(({ name, value, was }) => name !== "" || value !== "" || was !== null);
  const names = told.map(({ name }) => name);
  const envRemove = before.map(({ name }) => name).filter((name) => !names.includes(name));
  for (const row of told) {
    const problem = problemOf(row, names);
    if (problem !== null) return { change: {}, problem };
    if (isUntouched(row)) continue;
    const { name, value, secret } = row;
    (secret ? envSecret : env)[name] = value;
    if (!secret && before.some((one) => one.name === name && one.secret)) envRemove.push(name);
  }
  return {
    change: {
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(Object.keys(envSecret).length === 0 ? {} : { envSecret }),
      ...(envRemove.length === 0 ? {} : { envRemove }),
    },
    problem: null,
  };
}

function problemOf({ name, value, secret, was }: EnvRow, names: readonly string[]): string | null {
  if (name === "") return "A variable needs a name.";
  if (names.filter((one) => one === name).length > 1) return `${name} is there twice.`;
  if (value !== "" || was?.secret !== true) return secret && value === "" ? `${name}: type its value.` : null;
  if (!secret)
    return `${name}: type its value. A secret is not known here, so it cannot become a plain one by itself.`;
  return was.name === name
    ? null
    : `${name}: type its value. A secret is not known here, so it cannot move to another name.`;
}

/** A text area turns every line end into \n, which is no change of the person's. */
function isUntouched({ name, value, secret, was }: EnvRow): boolean {
  if (was === null || was.name !== name || was.secret !== secret) return false;
  return secret ? value === "" : oneLineEnd(value) === oneLineEnd(was.value);
}

function oneLineEnd(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}
