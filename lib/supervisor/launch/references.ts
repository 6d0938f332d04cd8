import { parseReference } from "@/lib/domain/env-references";
import { isAppError } from "@/lib/domain/errors";
import type { Look } from "@/lib/domain/files";
import { MAX_ENV_BYTES } from "@/lib/domain/job-env";
import type { Run } from "@/lib/domain/run";
import type { SupervisorPorts } from "../watch/ports";

export type ReferenceNeeds = Pick<SupervisorPorts, "files" | "startedWith">;

/**
 * The values that lie elsewhere, as they are now. Files are read by the process that may hang, not by the dashboard.
 * @throws Error with the variable and the place, and never with what is there
 */
export async function referencedValues(
  ports: ReferenceNeeds,
  { envFrom, runAs }: Pick<Run["spec"], "envFrom" | "runAs">,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const [name, text] of Object.entries(envFrom))
    values[name] = await referenced(ports, runAs, name, text);
  return values;
}

async function referenced(
  { files, startedWith }: ReferenceNeeds,
  runAs: string | null,
  name: string,
  text: string,
): Promise<string> {
  const reference = parseReference(text);
  if (reference === null)
    throw new Error(`${name} comes from ${text}, which is neither file:/path nor env:NAME`);
  if (reference.in === "environment") {
    const value = startedWith(reference.name);
    if (value !== undefined) return value;
    throw new Error(
      `${name} comes from the variable ${reference.name}, which the dashboard was not started with; set it there and restart the dashboard`,
    );
  }
  const { path } = reference;
  const found = await lookAt(files, runAs, path).catch((error: unknown) => {
    // A path that does not answer may do so at the next try.
    if (isAppError(error)) throw error;
    throw new Error(`${name} comes from ${path}, which cannot be read: ${messageOf(error)}`);
  });
  if (found === null) throw new Error(`${name} comes from ${path}, which does not exist`);
  if (found.kind !== "file") throw new Error(`${name} comes from ${path}, which is not a file`);
  if (found.size > MAX_ENV_BYTES)
    throw new Error(`${name} comes from ${path}, which is larger than ${MAX_ENV_BYTES} bytes`);
  // Editors and `echo` end a file with a line end, which belongs to no password.
  const value = new TextDecoder().decode(found.bytes).replace(/\r?\n$/, "");
  if (value.includes("\0")) throw new Error(`${name} comes from ${path}, which is not text`);
  return value;
}

/**
 * Secrets of containers are links into a folder that changes with each of their versions. Where another than the dashboard's user could lead the path
 * elsewhere, it is read as the user the job runs as: what root alone may read must not get into that one's program by a link.
 */
async function lookAt(
  files: ReferenceNeeds["files"],
  runAs: string | null,
  path: string,
): Promise<Look | null> {
  const its =
    runAs !== null && !files.isOwn(runAs) && (await files.own.guarded(path)) === null ? runAs : null;
  const real = await files.as(its).real(path);
  return real === null ? null : files.as(its).look(real, MAX_ENV_BYTES);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
