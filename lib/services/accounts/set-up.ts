import { AppError } from "@/lib/domain/errors";
import type { AuthHost, Users } from "@/lib/domain/ports/accounts";
import { makeUserId } from "@/lib/domain/user";
import { refusePassword, refuseReserved } from "../commands/user-rules";
import { type Opened, type OpenSessionNeeds, openSession } from "./open-session";

type Needs = OpenSessionNeeds &
  Pick<Users, "insertUser" | "countUsers"> &
  Pick<AuthHost, "hashPassword" | "isSetUpCode" | "forgetSetUpCode">;

/**
 * Makes the first admin, for who has the one-time code. Two who try at the same moment make one.
 * @throws AppError SET_UP_DONE, SET_UP_CODE_WRONG, PASSWORD_REFUSED, INVALID_INPUT, SIGN_IN_BUSY
 */
export async function setUp(
  ctx: Needs,
  { code, name, password }: { readonly code: string; readonly name: string; readonly password: string },
  agent: string,
): Promise<Opened> {
  if ((await ctx.countUsers()) > 0) throw done();
  if (!ctx.isSetUpCode(code)) throw wrongCode();
  refuseReserved(name);
  refusePassword(password, name);
  const passwordHash = await ctx.hashPassword(password);
  const id = makeUserId(ctx.entropy(20));
  const admin = { id, name, role: "admin", grants: [], passwordHash, mustChange: false } as const;
  const by = { via: "session", viaId: null, address: ctx.client.address } as const;
  const user = await ctx.insertUser(
    admin,
    true,
    { actor: name, action: "user.first_admin", details: { user: name }, by },
    ctx.now(),
  );
  if (user === null) throw done();
  ctx.forgetSetUpCode();
  return openSession(ctx, user, "session.opened", agent);
}

function done(): AppError {
  return new AppError("SET_UP_DONE", "Unstuck is set up already: there is an admin. Sign in at /sign-in.");
}

function wrongCode(): AppError {
  return new AppError(
    "SET_UP_CODE_WRONG",
    "Expected the one-time code that npm start has printed. Use the link it printed, or print it again on the host: unstuck admin set-up.",
  );
}
