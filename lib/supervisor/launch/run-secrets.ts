import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toVariables } from "@/lib/domain/parameters";
import type { Run } from "@/lib/domain/run";
import type { RunFiles } from "../files/run-files";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";
import { type ReferenceNeeds, referencedValues } from "./references";

type SecretNeeds = Pick<SupervisorPorts, "secrets" | "runSecrets"> & ReferenceNeeds;
type Secrets = Readonly<Record<string, string>>;

/** In memory alone, as long as the run is watched. */
const launchedWith = new WeakMap<Watched, readonly string[]>();

/** Read by cli/launch-here.mjs. */
const FILE = "secrets.json";

/**
 * The values of the secrets a run names, as they are now: a run keeps the names, so that an old one shows nothing and a changed
 * password holds from the next launch on.
 * @throws Error when one was taken away since the run was asked for, or cannot be read where it lies
 */
export async function secretsOf(ports: SecretNeeds, watched: Watched, run: Run): Promise<Secrets> {
  const secrets = await secretsNow(ports, run);
  launchedWith.set(watched, Object.values(secrets));
  return secrets;
}

/**
 * What must not be shown of a run's output: the values it was launched with, even if they have been renewed since. Of a run that an earlier dashboard
 * launched only the present ones are known.
 * @throws Error as `secretsOf`
 */
export async function valuesToHide(ports: SecretNeeds, watched: Watched): Promise<readonly string[]> {
  const { run } = watched;
  const known = launchedWith.get(watched);
  if (known !== undefined) return known;
  // What was adopted goes on with what the run before it was given.
  const before = run.spec.adopted === null ? {} : await ports.runSecrets(run.spec.adopted.run);
  return [...Object.values(await secretsNow(ports, run)), ...Object.values(before)];
}

async function secretsNow(ports: SecretNeeds, run: Run): Promise<Secrets> {
  return {
    ...(await ownSecrets(ports, run)),
    ...(await referencedValues(ports, run.spec)),
    ...(await secretParameters(ports, run)),
  };
}

async function ownSecrets(ports: SecretNeeds, { jobId, spec }: Run): Promise<Secrets> {
  if (spec.envSecret.length === 0) return {};
  const values = await ports.secrets(jobId);
  const gone = spec.envSecret.filter((name) => values[name] === undefined);
  if (gone.length > 0)
    throw new Error(
      `the job has no secret ${gone.join(", ")} any more, which it had when the run was requested; start it again`,
    );
  return Object.fromEntries(spec.envSecret.map((name) => [name, values[name] ?? ""]));
}

/** As they were given: they belong to the run, and not to its job. */
async function secretParameters(ports: SecretNeeds, { id, spec }: Run): Promise<Secrets> {
  const { parametersSecret } = spec;
  if (parametersSecret.length === 0) return {};
  const values = await ports.runSecrets(id);
  const gone = parametersSecret.filter((name) => values[name] === undefined);
  if (gone.length > 0)
    throw new Error(
      `the value of ${gone.join(", ")} is not in the database any more; start it again and give it`,
    );
  return toVariables(values);
}

/** A terminal of this user reads them from a file of the run's own folder, so that no answer of the API has them. */
export function leaveForTerminal(files: RunFiles, secrets: Secrets): void {
  if (Object.keys(secrets).length === 0) return;
  writeFileSync(join(files.folder, FILE), JSON.stringify(secrets), { mode: 0o600 });
}
