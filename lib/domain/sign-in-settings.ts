import type { Role } from "./access";
import type { RoleRule } from "./role-rules";

/** Where people sign in by OpenID Connect. */
export type ProviderSettings = {
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client. */
  readonly clientSecret: string | null;
  /** As the button says it. */
  readonly name: string;
  /** Separated by blanks. */
  readonly scopes: string;
  /** Of the ID token or of userinfo: a claim, or a path of them with dots. */
  readonly roleClaim: string;
  /** null: the provider says who, and the role is the one the user has here. */
  readonly roles: readonly RoleRule[] | null;
  /** How long a session lasts at most that was opened so. */
  readonly sessionMs: number;
  /** Whether signing out here leads there, to sign out too. */
  readonly signOutThere: boolean;
};

/** A proxy in front that signs people in, and names them in a header. */
export type ProxySettings = {
  /** Lower case. */
  readonly header: string;
  /** Of a user it names first; null: only users that there are. */
  readonly role: Role | null;
  /** The header with the groups and the roles they have; null: a role is changed by admins only. */
  readonly groups: { readonly header: string; readonly roles: readonly RoleRule[] } | null;
};
