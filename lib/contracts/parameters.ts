import { z } from "zod";
import { placeholderIssues } from "@/lib/domain/argv-placeholders";
import { readParameters } from "@/lib/domain/parameter-schema";
import type { JobParameters } from "@/lib/domain/parameters";

/** What a job declares. Every problem is told at the field it is in. */
export const ParametersBody = z
  .custom<JobParameters | null>()
  .transform((value, ctx): JobParameters | null => {
    const { parameters, issues } = readParameters(value);
    for (const { path, message } of issues)
      ctx.addIssue({ code: "custom", path: path === "" ? [] : path.split("."), message });
    return parameters;
  });

/** The values of a start. They are checked against the job, which a contract does not know: each problem is an issue of `PARAMETERS_REFUSED`. */
export const ValuesBody = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  'expected an object: names with values, such as {"shop": "north"}',
);

type Command = { readonly argv?: readonly string[]; readonly parameters?: JobParameters | null | undefined };

/** A place in the command that no parameter has, or that its parameter must not have. */
export function refusePlaceholders({ argv = [], parameters = null }: Command, ctx: z.RefinementCtx): void {
  for (const { path, message } of placeholderIssues({ argv, parameters }))
    ctx.addIssue({ code: "custom", path: path.split("."), message });
}

/** As the server has checked it when the job was saved. */
export const ParametersView = z.custom<JobParameters | null>((value) => typeof value === "object");

export const ValuesView = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
