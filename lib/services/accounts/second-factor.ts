import { AppError } from "@/lib/domain/errors";
import type { AuthHost, SecondFactors, Sessions, Users } from "@/lib/domain/ports/accounts";
import type { Actor, Audits } from "@/lib/domain/ports/audit";
import { aboutSecondFactor } from "@/lib/domain/sealing";
import type { AttemptNeeds } from "./attempted";
import { confirmed, confirmedUser } from "./change-password";
import { currentSession, type Opened, type OpenSessionNeeds, openSession, ownUserId } from "./open-session";
import { plain } from "./second-factor-code";

type ConfirmedNeeds = Parameters<typeof confirmedUser>[0];
type BeginNeeds = ConfirmedNeeds &
  Pick<SecondFactors, "beginSecondFactor"> &
  Pick<AuthHost, "newTotpSecret" | "totpUri" | "qrCode" | "seal">;

export type Begun = {
  readonly secret: string;
  readonly uri: string;
  readonly qr: { readonly size: number; readonly path: string };
};

/**
 * A secret for the authenticator app. It counts for nothing until its first code has come.
 * @throws AppError NO_ACCOUNT, PASSWORD_WRONG, SECOND_FACTOR_STATE, TOO_MANY_ATTEMPTS, SIGN_IN_BUSY
 */
export async function beginSecondFactor(ctx: BeginNeeds, password: string): Promise<Begun> {
  const user = await confirmedUser(ctx, password);
  const secret = ctx.newTotpSecret();
  if (!(await ctx.beginSecondFactor(user.id, ctx.seal(secret, aboutSecondFactor(user.id))))) throw inForce();
  const uri = ctx.totpUri(secret, user.name);
  return { secret, uri, qr: ctx.qrCode(uri) };
}

const CODES = 10;

type ConfirmNeeds = OpenSessionNeeds &
  AttemptNeeds &
  Audits &
  Pick<Sessions, "endSessions"> &
  Pick<Users, "findUser"> &
  Pick<SecondFactors, "findSecondFactor" | "confirmSecondFactor"> &
  Pick<AuthHost, "totpStep" | "unseal" | "hashOf" | "newRecoveryCode"> &
  Actor;

/**
 * Puts it in force, ends every other session, and gives this one a new secret.
 * @returns the recovery codes, which are known this once
 * @throws AppError NO_ACCOUNT, SECOND_FACTOR_STATE, SIGN_IN_FAILED, TOO_MANY_ATTEMPTS
 */
export async function confirmSecondFactor(
  ctx: ConfirmNeeds,
  typed: string,
  agent: string,
): Promise<Opened & { readonly recoveryCodes: readonly string[] }> {
  const user = await ctx.findUser(ownUserId(ctx));
  const begun = user === null ? null : await ctx.findSecondFactor(user.id);
  if (user === null || begun === null) throw notBegun();
  if (begun.confirmedAt !== null) throw inForce();
  const code = typed.replaceAll(/\s/g, "");
  const step = await confirmed(ctx, user, "wrong code", async () =>
    ctx.totpStep(ctx.unseal(begun.secret, aboutSecondFactor(user.id)), code, ctx.now()),
  );
  if (step === null) throw wrongCode();
  const recoveryCodes = Array.from({ length: CODES }, () => ctx.newRecoveryCode());
  const hashes = recoveryCodes.map((one) => ctx.hashOf(plain(one)));
  const audit = { actor: ctx.actor, action: "user.second_factor_added", details: { user: user.name } };
  if (!(await ctx.confirmSecondFactor(user.id, step, hashes, audit, ctx.now()))) throw inForce();
  // Those were opened without it.
  const others = { actor: ctx.actor, action: "session.others_closed" };
  await ctx.endSessions(user.id, { except: currentSession(ctx) }, others, ctx.now());
  return { ...(await openSession(ctx, user, "session.renewed", agent)), recoveryCodes };
}

type RemoveNeeds = ConfirmedNeeds & Pick<SecondFactors, "removeSecondFactor"> & Actor;

/** @throws AppError NO_ACCOUNT, PASSWORD_WRONG, SECOND_FACTOR_STATE, TOO_MANY_ATTEMPTS, SIGN_IN_BUSY */
export async function removeSecondFactor(ctx: RemoveNeeds, password: string): Promise<void> {
  const user = await confirmedUser(ctx, password);
  const audit = { actor: ctx.actor, action: "user.second_factor_removed", details: { user: user.name } };
  if (!(await ctx.removeSecondFactor(user.id, audit, ctx.now()))) throw notBegun();
}

function inForce(): AppError {
  return new AppError(
    "SECOND_FACTOR_STATE",
    "There is a second factor already. Remove it first to set up another app.",
  );
}

function notBegun(): AppError {
  return new AppError("SECOND_FACTOR_STATE", "There is no second factor. Begin one first.");
}

function wrongCode(): AppError {
  return new AppError(
    "SIGN_IN_FAILED",
    "The code is wrong or too old. Check that the clock of the phone is right, and type the code that it shows now.",
  );
}
