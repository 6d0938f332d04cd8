import type { ZodError } from "zod";

type Issue = ZodError["issues"][number];

/**
 * Every complaint with its place. Of a name that is refused, and of a choice in which one was, zod says only that there is an invalid key:
 * here what is wrong with it.
 */
export function issuesOf(error: ZodError): { readonly path: string; readonly message: string }[] {
  return error.issues.map((issue) => {
    const { path, message } = refusedName(issue) ?? issue;
    return { path: path.join("."), message };
  });
}

function refusedName(issue: Issue): Pick<Issue, "path" | "message"> | null {
  if (issue.code === "invalid_key")
    return { path: issue.path, message: issue.issues[0]?.message ?? issue.message };
  if (issue.code !== "invalid_union") return null;
  const inside = issue.errors.flat().find(({ code }) => code === "invalid_key");
  if (inside === undefined) return null;
  const told = refusedName(inside as Issue);
  return told === null ? null : { ...told, path: [...issue.path, ...told.path] };
}
