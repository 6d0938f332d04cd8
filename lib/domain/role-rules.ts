import { ROLES, type Role } from "./access";

/** Which groups of a provider, or of a proxy's header, have a role here. `*`: everyone who comes. */
export type RoleRule = { readonly role: Role; readonly groups: readonly string[] };

const EVERYONE = "*";

/**
 * As `admin=ops-admins,operator=ops|dev,viewer=*`. A comma, a | and a % in the name of a group are written %2C, %7C and %25.
 * @returns the highest role first; the problems say what is wrong, without the variable's name
 */
export function parseRoleRules(text: string): {
  readonly rules: readonly RoleRule[];
  readonly problems: readonly string[];
} {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const rules: RoleRule[] = [];
  const problems: string[] = [];
  for (const part of parts) {
    const [name = "", ...rest] = part.split("=");
    const role = ROLES.find((known) => known === name.trim());
    const groups = rest
      .join("=")
      .split("|")
      .map((group) => decoded(group.trim()))
      .filter((group) => group !== "");
    if (role === undefined) problems.push(`expected ${ROLES.join(", ")} before each =, found "${part}"`);
    else if (groups.length === 0) problems.push(`expected groups after ${role}=, or * for everyone`);
    else rules.push({ role, groups });
  }
  return { rules: rules.sort((one, other) => ROLES.indexOf(other.role) - ROLES.indexOf(one.role)), problems };
}

/** The highest role that one of the groups has; null: none of them has any. */
export function roleOfGroups(rules: readonly RoleRule[], groups: readonly string[]): Role | null {
  const fits = ({ groups: listed }: RoleRule) =>
    listed.some((group) => group === EVERYONE || groups.includes(group));
  return rules.filter(fits).reduce<Role | null>((best, { role }) => higher(best, role), null);
}

function higher(one: Role | null, other: Role): Role {
  return one !== null && ROLES.indexOf(one) >= ROLES.indexOf(other) ? one : other;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
