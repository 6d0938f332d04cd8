import type { Role } from "@/lib/domain/access";
import type { AppError } from "@/lib/domain/errors";
import type { Users } from "@/lib/domain/ports/accounts";
import type { Asker, Audits } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Identities, ProvidedPerson, SignInProvider } from "@/lib/domain/ports/identities";
import type { NewIds } from "@/lib/domain/ports/runs";
import { isUsable, nameFrom, numbered } from "@/lib/domain/provided-name";
import { roleOfGroups } from "@/lib/domain/role-rules";
import { type SignInProblem, signInProblem } from "@/lib/domain/sign-in-problems";
import { makeUserId, type User } from "@/lib/domain/user";

export type ProviderUserNeeds = Pick<Users, "countUsers" | "changeUser"> &
  Pick<Identities, "findUserByIdentity" | "insertUserWithIdentity"> &
  Pick<NewIds, "entropy"> &
  Pick<Here, "now"> &
  Pick<Asker, "client"> &
  Audits;

/** As many users may have the same name before the number. */
const MOST_NAMESAKES = 1_000;

/**
 * The user who signs in so, with the role that the provider gives: made when there is none. Never one who only has the same name or address.
 * @throws AppError OIDC_NO_ROLE, OIDC_NOT_LINKED, USER_DISABLED, LAST_ADMIN, NO_ADMIN_YET
 */
export async function providerUser(
  ctx: ProviderUserNeeds,
  { roles }: Pick<SignInProvider, "roles">,
  person: ProvidedPerson,
): Promise<User> {
  const role = roles === null ? null : roleOfGroups(roles, person.groups);
  const known = await ctx.findUserByIdentity(person);
  const refuse = (code: Refusal) => refused(ctx, person, known?.name ?? null, code);
  if (known?.disabled === true) throw await refuse("USER_DISABLED");
  if (roles === null) {
    if (known === null) throw await refuse("OIDC_NOT_LINKED");
    return known;
  }
  if (role === null) throw await refuse("OIDC_NO_ROLE");
  if (known !== null) return known.role === role ? known : withRole(ctx, known, role, refuse);
  if (role !== "admin" && (await ctx.countUsers()) === 0) throw await refuse("NO_ADMIN_YET");
  return newUser(ctx, person, role);
}

async function newUser(ctx: ProviderUserNeeds, person: ProvidedPerson, role: Role): Promise<User> {
  const base = nameFrom(person.names);
  const { issuer, subject } = person;
  const more = { role, grants: [], passwordHash: null, mustChange: false };
  for (let number = 1; number < MOST_NAMESAKES; number += 1) {
    const name = numbered(base, number);
    if (!isUsable(name)) continue;
    const details = { user: name, after: { access: role }, issuer, subject };
    const audit = { actor: name, action: "user.created", details, by: byBrowser(ctx) };
    const made = await ctx.insertUserWithIdentity(
      { ...more, id: makeUserId(ctx.entropy(20)), name },
      { issuer, subject },
      audit,
      ctx.now(),
    );
    if (made === "name_taken") continue;
    if (made !== "identity_taken") return made;
    // Two tabs at the same moment: the other was quicker.
    const other = await ctx.findUserByIdentity(person);
    if (other !== null) return other;
  }
  throw new Error(`No name was free for a user called ${base}.`);
}

/** Its sessions end, as after any change of a role. */
async function withRole(
  ctx: ProviderUserNeeds,
  user: User,
  role: Role,
  refuse: (code: Refusal) => Promise<AppError>,
): Promise<User> {
  const details = { user: user.name, before: user.role, after: role };
  const audit = { actor: user.name, action: "user.role_from_provider", details, by: byBrowser(ctx) };
  const changed = await ctx.changeUser(user.id, { role }, { version: null, keep: null }, audit, ctx.now());
  if (typeof changed !== "string") return changed;
  // Deleted meanwhile: the next sign-in makes another.
  throw await refuse(changed === "last_admin" ? "LAST_ADMIN" : "OIDC_NOT_LINKED");
}

/** The provider knows who it was, so it is worth a row. */
async function refused(
  ctx: ProviderUserNeeds,
  { issuer, subject }: ProvidedPerson,
  name: string | null,
  code: Refusal,
): Promise<AppError> {
  const details = { why: WHY[code], issuer, subject };
  const by = byBrowser(ctx);
  await ctx.recordAudit({ actor: name ?? "unknown", action: "session.refused", refused: true, details, by });
  return signInProblem(code);
}

const WHY = {
  USER_DISABLED: "disabled",
  OIDC_NOT_LINKED: "not linked",
  OIDC_NO_ROLE: "no role",
  NO_ADMIN_YET: "no admin yet",
  LAST_ADMIN: "last admin",
} as const satisfies Partial<Record<SignInProblem, string>>;
type Refusal = keyof typeof WHY;

function byBrowser({ client }: Pick<Asker, "client">) {
  return { via: "session", viaId: null, address: client.address } as const;
}
