import type { NewUser, UserChange } from "@/lib/domain/ports/accounts";
import type { SessionId, User, UserId } from "@/lib/domain/user";
import { insertSession } from "@/lib/store/sessions";
import type { Store } from "@/lib/store/transaction";
import { changeUser, insertUser } from "@/lib/store/users";
import { aNewUser, aSession } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { audit } from "./given";

export async function givenUser(store: Store, number: number, changes: Partial<NewUser> = {}): Promise<User> {
  const user = await insertUser(store, aNewUser(number, changes), false, audit("user.created"), T0);
  if (user === null) throw new Error("The name is taken.");
  return user;
}

export async function givenSession(store: Store, number: number, user: UserId): Promise<SessionId> {
  const session = aSession(number, user);
  await insertSession(store, session, null, audit("session.opened"), T0);
  return session.id;
}

/** Whatever the version is. @param keep the session that stays */
export function change(store: Store, id: UserId, what: UserChange, keep: SessionId | null = null) {
  return changeUser(store, id, what, { version: null, keep }, audit("user.changed"), T0 + 1);
}

/** How many audit rows there are, of an action or in all. */
export function auditCount(store: Store, action?: string): Promise<number> {
  return store.read.audit.count({ where: action === undefined ? {} : { action } });
}
