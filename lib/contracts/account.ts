import { z } from "zod";
import { GRANTED_ROLES, type GrantTarget, ROLES, WAYS_IN } from "@/lib/domain/access";
import { JOB_ID_PATTERN } from "@/lib/domain/ids";
import {
  SESSION_ID_PATTERN,
  type SessionId,
  USER_ID_PATTERN,
  USER_NAME_PATTERN,
  type UserId,
} from "@/lib/domain/user";
import { Label } from "./job";
import { Instant } from "./page";

/** An id in a path. */
export function idOf<Id extends string>(pattern: RegExp, what: string) {
  return z
    .string()
    .regex(pattern, `expected the id of ${what}`)
    .transform((text) => text as Id);
}

export const RoleField = z.enum(ROLES);

/** `job:nightly` or `tag:shop`. */
const Target = z
  .string()
  .max(80)
  .superRefine((on, ctx) => {
    const [kind, name = ""] = [on.slice(0, on.indexOf(":")), on.slice(on.indexOf(":") + 1)];
    if (kind === "job" && JOB_ID_PATTERN.test(name)) return;
    if (kind === "tag" && Label.safeParse(name).success) return;
    ctx.addIssue({ code: "custom", message: "expected job:<job> or tag:<tag>" });
  }) as unknown as z.ZodType<GrantTarget, string>;

export const GrantField = z.strictObject({ role: z.enum(GRANTED_ROLES), on: Target });

/** What a user or a token may do. At least one of the two says something. */
export const AccessFields = {
  /** For everything; null: only what the grants say. */
  role: RoleField.nullable(),
  grants: z.array(GrantField).max(200).default([]),
};

export const UserName = z
  .string()
  .regex(
    USER_NAME_PATTERN,
    "expected up to 63 letters, digits and . _ @ + -, beginning with a letter or digit",
  );

/** Its length is judged where it is set (PASSWORD_REFUSED); here only what no password needs is refused. */
export const Password = z.string().min(1, "expected a password").max(1_000);
const Code = z.string().trim().min(1).max(40);

export const SetUpBody = z.strictObject({ code: z.string().max(200), name: UserName, password: Password });

export const SignInBody = z.strictObject({
  name: z.string().min(1, "expected a name").max(200),
  password: Password,
  /** Of the authenticator app, or a recovery code. */
  code: Code.optional(),
});

/** `next`: a page of the dashboard to go to afterwards. `here`: the browser was sent to the address that the provider knows already. */
export const StartSignInQuery = z.object({
  next: z.string().max(2_000).optional(),
  here: z.literal("1").optional(),
});

/** `state`: as the provider was sent it. Whatever else comes along is its own. */
export const SignedOutQuery = z.object({ state: z.string().optional() });

/** Where the browser goes to next, to sign out there too, or to read why it does not. */
export const SignedOutThere = z.object({ goTo: z.string() });

/** Where the browser goes to next, to link an identity there. */
export const LinkStarted = z.object({ url: z.string() });
export type LinkStarted = z.infer<typeof LinkStarted>;

/** Who asks, as a page needs it. */
export const MeView = z.object({
  name: z.string(),
  role: RoleField.nullable(),
  grants: z.array(z.object({ role: z.enum(GRANTED_ROLES), on: z.string() })),
  via: z.enum(WAYS_IN),
  /** null: not a user. */
  user: z.string().nullable(),
  mustChange: z.boolean(),
});
export type MeView = z.infer<typeof MeView>;

/**
 * `me` null: not signed in. `setUp`: there is no user yet. `secure`: the browser reaches the dashboard by TLS. `oidc`: the provider to sign in at,
 * as a link to `/api/v1/oidc/start?next=` that the browser follows (no fetch); null: none is configured.
 */
export const SessionAnswer = z.object({
  me: MeView.nullable(),
  setUp: z.boolean(),
  secure: z.boolean(),
  oidc: z.object({ name: z.string() }).nullable(),
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;

export const SessionView = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: Instant,
  lastSeenAt: Instant,
  endsAt: Instant,
  address: z.string(),
  agent: z.string(),
});
export type SessionView = z.infer<typeof SessionView>;
export const SessionList = z.object({ items: z.array(SessionView) });
export const SessionParams = z.object({ session: idOf<SessionId>(SESSION_ID_PATTERN, "a session") });

/** `recoveryCodes`: how many are left; null without a second factor. */
export const AccountView = MeView.extend({
  hasPassword: z.boolean(),
  secondFactor: z.boolean(),
  recoveryCodes: z.number().int().nullable(),
  lastSignInAt: Instant.nullable(),
  /** At a provider, linked to this user; null: none. */
  identity: z.object({ issuer: z.string(), since: Instant, lastAt: Instant.nullable() }).nullable(),
});
export type AccountView = z.infer<typeof AccountView>;

export const ChangePasswordBody = z.strictObject({ current: Password, next: Password });

/** Beginning and removing a second factor asks for the password again. */
export const ConfirmByPasswordBody = z.strictObject({ password: Password });
export const SecondFactorBegun = z.object({
  /** In base32, to type where no camera is. */
  secret: z.string(),
  uri: z.string(),
  /** The QR code of `uri`: an SVG path of dark modules, one unit each, in a square of `size`. */
  qr: z.object({ size: z.number().int(), path: z.string() }),
});
export type SecondFactorBegun = z.infer<typeof SecondFactorBegun>;
export const ConfirmSecondFactorBody = z.strictObject({ code: Code });
/** Shown once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const UserParams = z.object({ user: idOf<UserId>(USER_ID_PATTERN, "a user") });

export const UserView = z.object({
  id: z.string(),
  name: z.string(),
  role: RoleField.nullable(),
  grants: z.array(z.object({ role: z.enum(GRANTED_ROLES), on: z.string() })),
  disabled: z.boolean(),
  mustChange: z.boolean(),
  hasPassword: z.boolean(),
  secondFactor: z.boolean(),
  version: z.number().int(),
  createdAt: Instant,
  lastSignInAt: Instant.nullable(),
});
export type UserView = z.infer<typeof UserView>;
export const UserList = z.object({ items: z.array(UserView) });

export const CreateUserBody = z.strictObject({
  name: UserName,
  ...AccessFields,
  /** Without one a password is made up, which the answer tells once. It has to be changed at the first sign-in. */
  password: Password.optional(),
});
export type CreateUserBody = z.input<typeof CreateUserBody>;
/** `password`: the one that was made up; null: it was given. */
export const UserCreated = z.object({ user: UserView, password: z.string().nullable() });

export const UpdateUserBody = z.strictObject({
  version: z.number().int().optional(),
  name: UserName.optional(),
  role: RoleField.nullable().optional(),
  grants: z.array(GrantField).max(200).optional(),
  disabled: z.boolean().optional(),
});
export type UpdateUserBody = z.input<typeof UpdateUserBody>;
export const UserAnswer = z.object({ user: UserView });

export const ResetPasswordBody = z.strictObject({ password: Password.optional() });
