import type { Identities, LinkedIdentity, ProviderIdentity } from "@/lib/domain/ports/identities";
import type { User } from "@/lib/domain/user";
import { accountPorts } from "./accounts";
import { type Tables, withEntry, writeAudit } from "./tables";

export function identityPorts(tables: Tables): Identities {
  const users = accountPorts(tables);
  const keyOf = ({ issuer, subject }: ProviderIdentity) => JSON.stringify([issuer, subject]);
  const ownerOf = (identity: ProviderIdentity) => tables.identities.get(keyOf(identity))?.userId ?? null;
  const ofUser = (user: User["id"]) =>
    [...tables.identities.values()].filter(({ userId }) => userId === user);
  const add = (userId: User["id"], { issuer, subject }: ProviderIdentity, now: number) => {
    const linked: LinkedIdentity = { issuer, subject, userId, createdAt: now, lastAt: null };
    tables.identities = withEntry(tables.identities, keyOf(linked), linked);
  };
  return {
    findUserByIdentity: async (identity) => {
      const owner = ownerOf(identity);
      return owner === null ? null : users.findUser(owner);
    },
    findIdentity: async (user) => {
      const [newest] = ofUser(user).sort(
        (one, other) => other.createdAt - one.createdAt || (keyOf(one) < keyOf(other) ? -1 : 1),
      );
      return newest ?? null;
    },
    insertUserWithIdentity: async (user, identity, audit, now) => {
      if (ownerOf(identity) !== null) return "identity_taken";
      const made = await users.insertUser(user, false, audit, now);
      if (made === null) return "name_taken";
      add(user.id, identity, now);
      return made;
    },
    linkIdentity: async (user, identity, audit, now) => {
      if (!tables.users.has(user)) return "unknown";
      const owner = ownerOf(identity);
      if (owner !== null) return owner === user ? "linked" : "taken";
      if (ofUser(user).some(({ issuer }) => issuer === identity.issuer)) return "has_another";
      add(user, identity, now);
      writeAudit(tables, audit, now);
      return "linked";
    },
    unlinkIdentities: async (user, audit, now) => {
      if (ofUser(user).length === 0) return false;
      tables.identities = new Map([...tables.identities].filter(([, { userId }]) => userId !== user));
      writeAudit(tables, audit, now);
      return true;
    },
    noteIdentity: async (identity, now) => {
      const before = tables.identities.get(keyOf(identity));
      if (before === undefined) return;
      tables.identities = withEntry(tables.identities, keyOf(identity), { ...before, lastAt: now });
    },
  };
}
