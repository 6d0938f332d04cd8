import { expect } from "vitest";
import type { AppError } from "@/lib/domain/errors";
import type { User } from "@/lib/domain/user";
import { signIn } from "@/lib/services/accounts/sign-in";
import { aContext, type Context } from "./a-context";
import { accountTables, aUser, PASSWORD } from "./accounts";

export const AGENT = "Firefox";
/** Who signs in, and from where. */
export const GUEST = { who: null, client: { address: "198.51.100.4", secure: true } };

export const anna = (changes: Partial<User> = {}): User => aUser(1, { name: "Anna", ...changes });

export function givenUser(user = anna(), changes: Parameters<typeof aContext>[0] = {}): Context {
  return aContext({ ...GUEST, ...changes, tables: accountTables({ users: [user] }) });
}

export function enter(ctx: Context, given: { name?: string; password?: string; code?: string } = {}) {
  return signIn(ctx, { name: "anna", password: PASSWORD, ...given }, AGENT);
}

/** What it is refused with. */
export function refusal(call: Promise<unknown>): Promise<AppError> {
  return call.then(
    () => expect.fail("It was let in."),
    (error: AppError) => error,
  );
}

/** How many passwords were checked. */
export function checks({ called }: Context): number {
  return called.filter(([port]) => port === "checkPassword").length;
}
