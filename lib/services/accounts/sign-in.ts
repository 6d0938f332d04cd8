import { AppError } from "@/lib/domain/errors";
import type { Attempt, AuthHost, SecondFactors, Users } from "@/lib/domain/ports/accounts";
import type { Audits } from "@/lib/domain/ports/audit";
import type { User } from "@/lib/domain/user";
import { type AttemptNeeds, attempted } from "./attempted";
import { type Opened, type OpenSessionNeeds, openSession } from "./open-session";
import { type CodeNeeds, isCodeRight } from "./second-factor-code";

type Needs = OpenSessionNeeds &
  CodeNeeds &
  Pick<Users, "findUserByName" | "changeUser"> &
  Pick<SecondFactors, "findSecondFactor"> &
  AttemptNeeds &
  Pick<AuthHost, "checkPassword" | "hashPassword"> &
  Audits;

type Given = { readonly name: string; readonly password: string; readonly code?: string | undefined };

/**
 * Name and password, and the second factor where there is one. A name that no user has, one without a password, one that is disabled and a wrong
 * password take the same time and get the same answer.
 * @throws AppError TOO_MANY_ATTEMPTS, SIGN_IN_FAILED, SECOND_FACTOR_NEEDED, SIGN_IN_BUSY
 */
export async function signIn(ctx: Needs, { name, password, code }: Given, agent: string): Promise<Opened> {
  const attempts = attemptsOf(name, ctx.client.address);
  const { user, ok, outdated } = await attempted(ctx, attempts, () => checked(ctx, name, password));
  if (user === null || user.disabled || !ok) {
    await noteRefusal(ctx, user?.name ?? UNKNOWN, user === null ? "unknown name" : whyNot(user));
    throw failed();
  }
  const second = user.hasSecondFactor ? await ctx.findSecondFactor(user.id) : null;
  if (second !== null) {
    if (code === undefined) {
      // The password was right: nothing was guessed wrong yet.
      await ctx.forgiveAttempt(attempts, []);
      throw codeNeeded();
    }
    if (!(await isCodeRight(ctx, user, second, code))) {
      await noteRefusal(ctx, user.name, "wrong code");
      throw failed();
    }
  }
  const nameKey = attempts[0]?.key ?? "";
  await ctx.forgiveAttempt(attempts, [nameKey]);
  const renewed = outdated ? await renewHash(ctx, user, password) : user;
  return openSession(ctx, renewed, "session.opened", agent);
}

/** One check of a password, whatever is known of the name. */
async function checked(ctx: Needs, name: string, password: string) {
  const user = await ctx.findUserByName(name);
  const stored = user === null || user.disabled ? null : user.passwordHash;
  return { user, ...(await ctx.checkPassword(password, stored)) };
}

/** Of a name that no user has, nothing but that is written down: it may be a password typed into the wrong field. */
const UNKNOWN = "unknown";

/** The name comes first. Without an address, as on the socket, it is the name alone. */
function attemptsOf(name: string, address: string | null): readonly Attempt[] {
  const byName = { key: `name:${name.toLowerCase().slice(0, 63)}`, kind: "name" } as const;
  return address === null ? [byName] : [byName, { key: `address:${networkOf(address)}`, kind: "address" }];
}

/** One customer has a whole IPv6 network of 64 bits, so that is what counts. */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const after = tail.split(":").filter((group) => group !== "");
  const zeros = address.includes("::") ? Array(Math.max(0, 8 - groups.length - after.length)).fill("0") : [];
  const four = [...groups, ...zeros, ...after].slice(0, 4);
  return `${four.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

function whyNot({ disabled, passwordHash }: User): string {
  if (disabled) return "disabled";
  return passwordHash === null ? "no password" : "wrong password";
}

function noteRefusal(ctx: Needs, actor: string, why: string): Promise<void> {
  const by = { via: "session", viaId: null, address: ctx.client.address } as const;
  return ctx.recordAudit({ actor, action: "session.refused", refused: true, details: { why }, by });
}

/** It is not worth failing for, as when too many sign in at this moment: the old hash still works. */
async function renewHash(ctx: Needs, user: User, password: string): Promise<User> {
  const passwordHash = await ctx.hashPassword(password).catch(() => null);
  if (passwordHash === null) return user;
  const change = { passwordHash };
  const audit = { actor: user.name, action: "user.password_rehashed", details: { user: user.name } };
  const options = { version: user.version, keep: "all" } as const;
  const changed = await ctx.changeUser(user.id, change, options, audit, ctx.now());
  return typeof changed === "string" ? user : changed;
}

function failed(): AppError {
  return new AppError("SIGN_IN_FAILED", "Name, password or code is wrong. Nothing was changed.");
}

function codeNeeded(): AppError {
  return new AppError(
    "SECOND_FACTOR_NEEDED",
    "This account has a second factor: send the code of the authenticator app, or a recovery code, too.",
  );
}
