import type { Variables } from "./environment";

/** A job's own variables: `env` can be read by everyone who reads the job, `secrets` are written and never read back. */
export type JobVariables = { readonly env: Variables; readonly secrets: Variables };

/**
 * A change to them; what it does not name stays. `envSecret` as a list names variables that are to be secret with the value they
 * have, so that what was read can be written back.
 */
export type EnvChange = {
  readonly env?: Variables | undefined;
  readonly envSecret?: Variables | readonly string[] | undefined;
  readonly envRemove?: readonly string[] | undefined;
};

export type EnvIssue = { readonly path: string; readonly message: string };

/** Plain and secret ones together, in bytes of UTF-8. */
export const MAX_ENV_BYTES = 64 * 1024;

/** Unstuck reads these of a job itself, to find its program or where its state lives. */
export const READ_BY_US: readonly string[] = ["PATH", "CRAWLEE_STORAGE_DIR"];

/** First takes away, then sets. Every problem is told with the field it is in, and never with a value. */
export function changeVariables(
  current: JobVariables,
  { env = {}, envSecret = {}, envRemove = [] }: EnvChange,
): { readonly variables: JobVariables; readonly issues: readonly EnvIssue[] } {
  const issues: EnvIssue[] = [];
  const plain = new Map(Object.entries(current.env));
  const secrets = new Map(Object.entries(current.secrets));
  for (const name of new Set(envRemove)) {
    const there = plain.delete(name) || secrets.delete(name);
    if (!there)
      issues.push({ path: "envRemove", message: `expected a variable of the job, found "${name}"` });
  }
  for (const [name, value] of Object.entries(env)) {
    if (secrets.has(name)) issues.push({ path: `env.${name}`, message: ALREADY_SECRET });
    plain.set(name, value);
  }
  const [names, values] = Array.isArray(envSecret) ? [envSecret, {}] : [[], envSecret as Variables];
  for (const name of names) {
    const value = plain.get(name) ?? secrets.get(name);
    if (value === undefined) issues.push({ path: "envSecret", message: noValue(name) });
    else hide(name, value);
  }
  for (const [name, value] of Object.entries(values)) {
    if (Object.hasOwn(env, name)) issues.push({ path: `envSecret.${name}`, message: TWICE });
    hide(name, value);
  }
  const variables = { env: Object.fromEntries(plain), secrets: Object.fromEntries(secrets) };
  if (bytesOf(variables) > MAX_ENV_BYTES) issues.push({ path: "env", message: TOO_BIG });
  return { variables, issues };

  function hide(name: string, value: string): void {
    if (READ_BY_US.includes(name)) issues.push({ path: `envSecret.${name}`, message: mustBePlain(name) });
    plain.delete(name);
    secrets.set(name, value);
  }
}

const ALREADY_SECRET =
  "it is a secret: set its value in envSecret, or name it in envRemove too to make it a plain one";
const TWICE = "it is in env, too; expected it in one of the two";
const TOO_BIG = `expected at most ${MAX_ENV_BYTES} bytes in all, secrets counted`;

function noValue(name: string): string {
  return `expected a variable that has a value, found "${name}": give it as {"${name}": "<value>"}`;
}

function mustBePlain(name: string): string {
  return `${name} cannot be a secret: Unstuck itself has to read it`;
}

function bytesOf({ env, secrets }: JobVariables): number {
  const all = [...Object.entries(env), ...Object.entries(secrets)];
  const encoder = new TextEncoder();
  return all.reduce((sum, [name, value]) => sum + encoder.encode(`${name}=${value}`).length + 1, 0);
}
