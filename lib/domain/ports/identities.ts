import type { Role } from "../access";
import type { RoleRule } from "../role-rules";
import type { User, UserId } from "../user";
import type { NewUser } from "./accounts";
import type { AuditEntry } from "./audit";

/** Who someone is at a provider of OpenID Connect. The name and the address they have there may change, or go to someone else. */
export type ProviderIdentity = { readonly issuer: string; readonly subject: string };

export type LinkedIdentity = ProviderIdentity & {
  readonly userId: UserId;
  /** When it was linked. */
  readonly createdAt: number;
  /** When the user signed in by it last. */
  readonly lastAt: number | null;
};

export type Identities = {
  findUserByIdentity(identity: ProviderIdentity): Promise<User | null>;
  /** The newest. @returns null: the user signs in by none */
  findIdentity(user: UserId): Promise<LinkedIdentity | null>;
  /** Both or neither. @returns why neither: the name is taken, or another request was quicker with the same identity */
  insertUserWithIdentity(
    user: NewUser,
    identity: ProviderIdentity,
    audit: AuditEntry,
    now: number,
  ): Promise<User | "name_taken" | "identity_taken">;
  /** @returns `taken`: it is another user's; `has_another`: the user has one at this issuer; `linked`: also when it was so before */
  linkIdentity(
    user: UserId,
    identity: ProviderIdentity,
    audit: AuditEntry,
    now: number,
  ): Promise<"linked" | "taken" | "has_another" | "unknown">;
  /** All of the user's. @returns false when there was none */
  unlinkIdentities(user: UserId, audit: AuditEntry, now: number): Promise<boolean>;
  /** The user has signed in by it. */
  noteIdentity(identity: ProviderIdentity, now: number): Promise<void>;
};

/** What is to happen when someone is back from the provider: to go to a page, or to be linked to the user who has asked for it. */
export type SignInWish = { readonly next: string; readonly link: UserId | null };

/** Who is back, in the provider's words. */
export type ProvidedPerson = ProviderIdentity & {
  /** From which a name can be made, the best first. */
  readonly names: readonly string[];
  readonly groups: readonly string[];
  /** What `beginSignOut` needs to sign them out there. A secret: it names them. null: signing out is a matter of here. */
  readonly signOutHint: string | null;
};

/** The provider of OpenID Connect. What a browser keeps meanwhile is sealed, and lies in a cookie. */
export type SignInProvider = {
  /** As the button says it. */
  readonly name: string;
  /** Under which people open the dashboard, as the provider knows it. */
  readonly origin: string;
  /** null: the role is the one the user has here. */
  readonly roles: readonly RoleRule[] | null;
  /** How long a session lasts at most. */
  readonly sessionMs: number;
  /** Whether who signs out here is sent there, too. */
  readonly signOutThere: boolean;
  /**
   * @param kept what the browser keeps of other sign-ins, which go on beside this one
   * @returns where the browser is sent to, and what it keeps now
   * @throws AppError OIDC_UNREACHABLE, OIDC_ISSUER_WRONG, OIDC_FAILED, SIGN_IN_BUSY
   */
  begin(wish: SignInWish, kept: string | null): Promise<{ readonly url: string; readonly keep: string }>;
  /**
   * The sign-in that an answer belongs to. It counts once: what the browser keeps from now on is without it.
   * @param query as the provider has sent the browser back with it
   * @throws AppError OIDC_NOT_STARTED, OIDC_STATE_WRONG
   */
  resume(query: string, kept: string | null): ResumedSignIn;
  /**
   * The provider is asked whether it is there: no one is left on a page that does not load. Never throws.
   * @param hint of the person who has signed in; null: it cannot be read any more
   * @returns null: they have signed in at another one, which was configured then
   */
  beginSignOut(hint: string | null): Promise<SignOutThere | null>;
};

export type SignOutThere =
  /** Where the browser is sent to, and what it keeps until it is back. */
  | { readonly can: "sign-out"; readonly url: string; readonly state: string }
  /** `nothing`: there is no way to sign out there. `unknown`: it did not answer, or not in a way that can be used. */
  | { readonly can: "nothing" | "unknown" };

export type ResumedSignIn = {
  readonly wish: SignInWish;
  /** null: nothing. */
  readonly keep: string | null;
  /**
   * Asks the provider.
   * @throws AppError OIDC_DENIED, OIDC_CODE_REFUSED, OIDC_NONCE_WRONG, OIDC_ISSUER_WRONG, OIDC_UNREACHABLE, OIDC_FAILED, SIGN_IN_BUSY
   */
  person(): Promise<ProvidedPerson>;
};

/** What services ask of lib/auth for it. */
export type ProviderHost = {
  /** null: none is configured. */
  readonly signInProvider: SignInProvider | null;
};

/** What lib/auth has done for a user whom a proxy names. Each is written down with the address. */
export type ProxyPeople = {
  /** A user of that name, unless there is one by now. */
  make(name: string, role: Role, address: string | null): Promise<void>;
  /** @throws AppError LAST_ADMIN */
  changeRole(id: UserId, role: Role, address: string | null): Promise<void>;
};
