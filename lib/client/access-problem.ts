import { fieldIssues, isApiProblem, type ProblemCode } from "./problem";

/** Where a refusal belongs: at the name, at what may be done, or, as `rest`, at the form as a whole. */
export type PlacedProblem = {
  readonly name: string | null;
  readonly access: string | null;
  readonly rest: unknown;
};

const PLACE: Partial<Record<ProblemCode, "name" | "access">> = { USER_EXISTS: "name", LAST_ADMIN: "access" };
const NOWHERE: PlacedProblem = { name: null, access: null, rest: null };

export function placeProblem(error: unknown): PlacedProblem {
  if (error === null || error === undefined) return NOWHERE;
  if (!isApiProblem(error)) return { ...NOWHERE, rest: error };
  const place = PLACE[error.code];
  if (place !== undefined) return { ...NOWHERE, [place]: error.message };
  const issues = fieldIssues(error);
  const at = (...fields: string[]) =>
    issues.find(({ path }) => fields.includes(path.split(".")[0] ?? ""))?.message ?? null;
  const placed = { name: sentence(at("name")), access: sentence(at("role", "grants")) };
  const isPlaced = placed.name !== null || placed.access !== null;
  return { ...placed, rest: isPlaced ? null : error };
}

function sentence(text: string | null): string | null {
  return text === null ? null : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
