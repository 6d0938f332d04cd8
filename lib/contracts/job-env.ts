import { z } from "zod";
import { parseReference } from "@/lib/domain/env-references";
import { isCarried } from "@/lib/domain/environment";
import { MAX_ENV_BYTES } from "@/lib/domain/job-env";
import { MAX_PATH, NO_NUL, noNul } from "./text";

const MAX_REFERENCES = 100;
const utf8Bytes = (text: string) => new TextEncoder().encode(text).length;

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const EnvName = z
  .string()
  .regex(ENV_NAME, "expected a name of letters, digits and _")
  .refine((name) => !name.startsWith("UNSTUCK_"), {
    error: "names that begin with UNSTUCK_ are set by Unstuck itself",
  });
const NewEnvName = EnvName.refine(isCarried, {
  error: (issue) =>
    `expected another name than ${String(issue.input)}: the shell that launches a program keeps that one for itself, so its value would not arrive`,
});
export const Env = z
  .record(NewEnvName, z.string().refine(noNul, NO_NUL))
  .refine(
    (env) =>
      Object.entries(env).reduce((sum, [k, v]) => sum + utf8Bytes(k) + utf8Bytes(v) + 2, 0) <= MAX_ENV_BYTES,
    {
      error: `expected at most ${MAX_ENV_BYTES} bytes in all`,
    },
  );

/** Names with their values; or names alone, of variables that are to be secret with the value they have. */
export const EnvSecret = z.union([Env, z.array(EnvName).max(1_000)], {
  error: 'expected names with their values, such as {"API_TOKEN": "<value>"}, or a list of names',
});

/** Names with where their values lie. */
export const EnvFrom = z
  .record(
    NewEnvName,
    z
      .string()
      .max(MAX_PATH)
      .refine((text) => parseReference(text) !== null, {
        error:
          'expected "file:" and an absolute path, such as "file:/run/secrets/token", or "env:" and the name of a variable that the dashboard is started with and that is not its own',
      }),
  )
  .refine((from) => Object.keys(from).length <= MAX_REFERENCES, `expected at most ${MAX_REFERENCES}`);
