import type { CreateUserBody } from "@/lib/contracts/account";
import { Label } from "@/lib/contracts/job";
import { GRANTED_ROLES, type GrantedRole, type Role } from "@/lib/domain/access";

export const TARGET_KINDS = ["job", "tag"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** One line of the form. `id` tells it from the others while it is edited. */
export type GrantRow = {
  readonly id: number;
  readonly role: GrantedRole;
  readonly kind: TargetKind;
  readonly name: string;
};

/** What a user or a token may do, as it is being edited. */
export type AccessDraft = { readonly role: Role | null; readonly rows: readonly GrantRow[] };

/** What a user or a token may do, as the API has it. */
export type AccessView = {
  readonly role: Role | null;
  readonly grants: readonly { readonly role: GrantedRole; readonly on: string }[];
};

export function toDraft({ role, grants }: AccessView): AccessDraft {
  const rows = grants.map((grant, id) => ({ id, role: grant.role, ...toTarget(grant.on) }));
  return { role, rows };
}

/** `job:nightly` → its two parts. */
export function toTarget(on: string): { readonly kind: TargetKind; readonly name: string } {
  const kind = TARGET_KINDS.find((one) => on.startsWith(`${one}:`)) ?? "tag";
  return { kind, name: on.slice(on.indexOf(":") + 1) };
}

/** The roles that a grant can add to a role for everything. */
export function rolesToGrant(role: Role | null): readonly GrantedRole[] {
  const above = { viewer: ["operator"], operator: [], admin: [] } as const satisfies Record<
    Role,
    readonly GrantedRole[]
  >;
  return role === null ? GRANTED_ROLES : above[role];
}

/** The lines that say something beside the role. The others stay in the draft, in case the role is changed back. */
export function rowsThatCount({ role, rows }: AccessDraft): readonly GrantRow[] {
  const roles = rolesToGrant(role);
  return rows.filter((row) => roles.includes(row.role));
}

export function addRow(draft: AccessDraft): AccessDraft {
  const id = Math.max(-1, ...draft.rows.map((row) => row.id)) + 1;
  const role = rolesToGrant(draft.role).at(-1) ?? "viewer";
  return { ...draft, rows: [...draft.rows, { id, role, kind: "job", name: "" }] };
}

export function changeRow(
  draft: AccessDraft,
  id: number,
  change: Partial<Omit<GrantRow, "id">>,
): AccessDraft {
  return { ...draft, rows: draft.rows.map((row) => (row.id === id ? { ...row, ...change } : row)) };
}

export function removeRow(draft: AccessDraft, id: number): AccessDraft {
  return { ...draft, rows: draft.rows.filter((row) => row.id !== id) };
}

export type AccessReading =
  | { readonly ok: true; readonly access: Required<Pick<CreateUserBody, "role" | "grants">> }
  /** `rows`: the problem of each line that has one, by its id. */
  | { readonly ok: false; readonly problem: string | null; readonly rows: ReadonlyMap<number, string> };

/** All problems at once. Of two lines for the same job or tag the higher role counts. */
export function readAccess(draft: AccessDraft): AccessReading {
  const rows = rowsThatCount(draft);
  const wrong = new Map(
    rows.flatMap((row): [number, string][] => {
      const problem = rowProblem(row);
      return problem === null ? [] : [[row.id, problem]];
    }),
  );
  const problem =
    draft.role === null && rows.length === 0 ? "Choose a role, or add at least one job or tag." : null;
  if (problem !== null || wrong.size > 0) return { ok: false, problem, rows: wrong };
  const roles = new Map<string, GrantedRole>();
  for (const { role, kind, name } of rows) {
    const on = `${kind}:${name.trim()}`;
    if (roles.get(on) !== "operator") roles.set(on, role);
  }
  return { ok: true, access: { role: draft.role, grants: [...roles].map(([on, role]) => ({ role, on })) } };
}

function rowProblem({ kind, name }: GrantRow): string | null {
  if (name.trim() === "") return kind === "job" ? "Choose a job." : "Type a tag.";
  if (kind === "tag" && !Label.safeParse(name.trim()).success)
    return "A tag has up to 63 letters, digits and . _ : / -, and begins with a letter or digit.";
  return null;
}
