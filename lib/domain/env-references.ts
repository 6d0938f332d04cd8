import { isNeverHandedOn } from "./environment";
import type { Job } from "./job";
import { type EnvIssue, READ_BY_US } from "./job-env";

/** Where the value of a variable lies. It is read at each launch and kept nowhere. */
export type Reference =
  | { readonly in: "file"; readonly path: string }
  | { readonly in: "environment"; readonly name: string };

const REFERENCE = /^(?:file:(?<path>\/[^\0]+)|env:(?<name>[A-Za-z_][A-Za-z0-9_]*))$/s;

/**
 * `file:/run/secrets/token`: the file's text without the line end at its end. `env:TOKEN`: a variable that the dashboard was started with.
 * @returns null: it is neither
 */
export function parseReference(text: string): Reference | null {
  const { path, name } = REFERENCE.exec(text)?.groups ?? {};
  if (path !== undefined) return { in: "file", path };
  return name === undefined || isNeverHandedOn(name) ? null : { in: "environment", name };
}

/** What is wrong with the references of a job beside its other variables. */
export function referenceIssues({
  env,
  envSecret,
  envFrom,
}: Pick<Job, "env" | "envSecret" | "envFrom">): readonly EnvIssue[] {
  return Object.keys(envFrom).flatMap((name): EnvIssue[] => {
    const path = `envFrom.${name}`;
    if (READ_BY_US.includes(name))
      return [{ path, message: `${name} cannot be read from elsewhere: Unstuck itself has to read it` }];
    if (!Object.hasOwn(env, name) && !envSecret.includes(name)) return [];
    const where = envSecret.includes(name) ? "envSecret" : "env";
    return [{ path, message: `it is in ${where}, too; name it in envRemove to take it away there` }];
  });
}
