import type { AuditFilter, NewUser, UserChange } from "@/lib/domain/ports/accounts";
import type { UserId } from "@/lib/domain/user";
import { aNewToken, aNewUser, aSession, sessionId, tokenId, userId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { audit } from "../store/given";
import { newestFirst, SHOP, type Step } from "./given";

const ANNA = aNewUser(1, { name: "Anna", role: "admin" });
const BOB = aNewUser(2, { name: "bob" });
const GUEST = aNewUser(3, {
  name: "guest",
  role: null,
  grants: [{ role: "viewer", on: "job:shop" }],
  passwordHash: null,
  mustChange: true,
});
const NO_USER = userId(9);

const make =
  (user: NewUser, first = false): Step[1] =>
  (p) =>
    p.insertUser(user, first, audit("user.created"), T0);
const change =
  (id: UserId, what: UserChange, options: { version?: number; keep?: 1 | 2 } = {}): Step[1] =>
  (p) =>
    p.changeUser(
      id,
      what,
      {
        version: options.version ?? null,
        keep: options.keep === undefined ? null : sessionId(options.keep),
      },
      audit("user.changed"),
      T0 + 1,
    );
const sessions =
  (id: UserId): Step[1] =>
  (p) =>
    p.listSessions(id);

const USERS: readonly Step[] = [
  ["there is no user", (p) => p.countUsers()],
  ["the first", make(ANNA, true)],
  ["a second first one is refused", make(BOB, true)],
  ["another user", make(BOB)],
  ["one with a grant and without a password", make(GUEST)],
  ["a name that is taken, whatever its case", make({ ...BOB, id: NO_USER, name: "BOB" })],
  ["how many", (p) => p.countUsers()],
  ["all, by name", (p) => p.listUsers()],
  ["one", (p) => p.findUser(BOB.id)],
  ["none", (p) => p.findUser(NO_USER)],
  ["by name", (p) => p.findUserByName("aNNA")],
  ["by no name", (p) => p.findUserByName("nina")],
  ["a change", change(BOB.id, { name: "Bobby", grants: [{ role: "operator", on: "tag:shops" }] })],
  ["of an old version", change(BOB.id, { disabled: true }, { version: 1 })],
  ["of the newest version", change(BOB.id, { mustChange: true }, { version: 2 })],
  ["of no user", change(NO_USER, {})],
  ["to a name that is taken", change(BOB.id, { name: "ANNA" })],
  ["to the own name, written otherwise", change(ANNA.id, { name: "anna" })],
  ["the last admin is not demoted", change(ANNA.id, { role: "operator" })],
  ["nor disabled", change(ANNA.id, { disabled: true })],
  ["nor deleted", (p) => p.deleteUser(ANNA.id, audit("user.deleted"), T0)],
  ["another admin", change(BOB.id, { role: "admin" })],
  ["now one of them may go", change(ANNA.id, { role: "viewer" })],
];

const SESSIONS: readonly Step[] = [
  [
    "a session",
    (p) =>
      p.insertSession(aSession(1, BOB.id, { signOutHint: "hint" }), null, audit("session.opened"), T0 + 5),
  ],
  ["what it is known by at the provider", (p) => p.findSignOutHint(sessionId(1))],
  [
    "another",
    (p) =>
      p.insertSession(
        aSession(2, BOB.id, { createdAt: T0 + 9, lastSeenAt: T0 + 9 }),
        null,
        audit("session.opened"),
        T0 + 9,
      ),
  ],
  [
    "one in place of another",
    (p) => p.insertSession(aSession(3, BOB.id), sessionId(1), audit("session.renewed"), T0 + 6),
  ],
  ["that goes with it", (p) => p.findSignOutHint(sessionId(1))],
  ["the last used first", sessions(BOB.id)],
  ["when the user signed in last", (p) => p.findUser(BOB.id)],
  ["a change of the name ends none", change(BOB.id, { name: "bob" })],
  ["there are two", sessions(BOB.id)],
  ["a new password ends all but one", change(BOB.id, { passwordHash: "hash:other" }, { keep: 2 })],
  ["that one", sessions(BOB.id)],
  [
    "it is ended by no one else",
    (p) => p.endSessions(ANNA.id, { only: sessionId(2) }, audit("session.closed"), T0),
  ],
  ["all but that one", (p) => p.endSessions(BOB.id, { except: sessionId(2) }, audit("session.closed"), T0)],
  ["it is ended", (p) => p.endSessions(BOB.id, { only: sessionId(2) }, audit("session.closed"), T0)],
  ["none is left", sessions(BOB.id)],
  [
    "only so many are kept",
    async (p) => {
      for (let number = 100; number < 153; number += 1)
        await p.insertSession(
          aSession(number, BOB.id, { createdAt: T0 + number }),
          null,
          audit("session.opened"),
          T0,
        );
      return p.listSessions(BOB.id);
    },
  ],
  [
    "the new one stays, whatever the clock says",
    async (p) => {
      const early = aSession(200, BOB.id, { createdAt: 0, lastSeenAt: 0 });
      await p.insertSession(early, null, audit("session.opened"), 0);
      return p.listSessions(BOB.id);
    },
  ],
  [
    "a disabled user has none",
    async (p) => {
      await p.insertSession(aSession(300, ANNA.id), null, audit("session.opened"), T0);
      return [await change(ANNA.id, { disabled: true })(p), await p.listSessions(ANNA.id)];
    },
  ],
];

const SECOND_FACTORS: readonly Step[] = [
  ["no second factor", (p) => p.findSecondFactor(BOB.id)],
  ["nothing to confirm", (p) => p.confirmSecondFactor(BOB.id, 5, [], audit("added"), T0)],
  ["it is begun", (p) => p.beginSecondFactor(BOB.id, "sealed")],
  ["and begun again", (p) => p.beginSecondFactor(BOB.id, "sealed again")],
  ["it is not in force", (p) => p.findUser(BOB.id)],
  ["no recovery code yet", (p) => p.takeRecoveryCode(BOB.id, "a", audit("used"), T0)],
  ["confirmed", (p) => p.confirmSecondFactor(BOB.id, 5, ["a", "b"], audit("added"), T0)],
  ["once", (p) => p.confirmSecondFactor(BOB.id, 6, [], audit("added"), T0)],
  ["not begun while in force", (p) => p.beginSecondFactor(BOB.id, "other")],
  ["it is in force", (p) => p.findUser(BOB.id)],
  ["the step it was confirmed with", (p) => p.takeStep(BOB.id, 5)],
  ["the next step", (p) => p.takeStep(BOB.id, 6)],
  ["twice", (p) => p.takeStep(BOB.id, 6)],
  ["a recovery code", (p) => p.takeRecoveryCode(BOB.id, "a", audit("used"), T0)],
  ["twice", (p) => p.takeRecoveryCode(BOB.id, "a", audit("used"), T0)],
  ["what is left", (p) => p.findSecondFactor(BOB.id)],
  ["removed", (p) => p.removeSecondFactor(BOB.id, audit("removed"), T0)],
  ["once", (p) => p.removeSecondFactor(BOB.id, audit("removed"), T0)],
  ["a step of none", (p) => p.takeStep(BOB.id, 9)],
  ["it goes with its user", (p) => p.beginSecondFactor(GUEST.id, "sealed")],
  ["a user goes", (p) => p.deleteUser(GUEST.id, audit("user.deleted"), T0)],
  ["twice", (p) => p.deleteUser(GUEST.id, audit("user.deleted"), T0)],
  ["with the second factor", (p) => p.findSecondFactor(GUEST.id)],
];

const TOKENS: readonly Step[] = [
  ["a token", (p) => p.insertToken(aNewToken(1), audit("token.created"), T0)],
  [
    "one that ends",
    (p) =>
      p.insertToken(
        aNewToken(2, { role: null, grants: [{ role: "operator", on: "tag:eu" }], expiresAt: T0 + 9 }),
        audit("token.created"),
        T0 + 1,
      ),
  ],
  ["the newest first", (p) => p.listTokens()],
  ["revoked", (p) => p.revokeToken(tokenId(1), "anna", audit("token.revoked"), T0 + 5)],
  ["the first to do it stays", (p) => p.revokeToken(tokenId(1), "bob", audit("token.revoked"), T0 + 6)],
  ["no token", (p) => p.revokeToken(tokenId(9), "bob", audit("token.revoked"), T0)],
];

const NAME = { key: "name:bob", kind: "name" } as const;
const ADDRESS = { key: "address:192.0.2.7", kind: "address" } as const;

const DELAYS: readonly Step[] = [
  [
    "attempts until one has to wait",
    async (p) => {
      const waits: number[] = [];
      for (let time = 0; time < 12; time += 1) waits.push(await p.takeAttempt([NAME, ADDRESS], T0 + time));
      return waits;
    },
  ],
  ["later one more", (p) => p.takeAttempt([NAME, ADDRESS], T0 + 60_000)],
  ["which waits longer", (p) => p.takeAttempt([NAME], T0 + 60_000)],
  ["it is taken back", (p) => p.forgiveAttempt([NAME, ADDRESS], [])],
  ["so the next may be made", (p) => p.takeAttempt([NAME, ADDRESS], T0 + 60_001)],
  ["the name is forgotten", (p) => p.forgiveAttempt([NAME, ADDRESS], [NAME.key])],
  ["nothing is counted of it", (p) => p.takeAttempt([NAME], T0 + 60_002)],
  ["what never failed is not forgiven", (p) => p.forgiveAttempt([{ ...NAME, key: "name:other" }], [])],
];

const ALL: AuditFilter = {
  actor: null,
  action: null,
  jobId: null,
  outcome: null,
  since: null,
  until: null,
};
const list =
  (filter: Partial<AuditFilter>, page: { before: string | null; limit: number } = newestFirst): Step[1] =>
  (p) =>
    p.listAudit({ ...ALL, ...filter }, page);

const AUDIT: readonly Step[] = [
  [
    "a refusal, from somewhere",
    (p) =>
      p.recordAudit(
        audit("access.refused", {
          actor: "guest",
          refused: true,
          by: { via: "token", viaId: tokenId(1), address: "192.0.2.9" },
        }),
      ),
  ],
  ["the newest, one more than asked for", list({})],
  ["the next", list({}, { before: "3", limit: 5 })],
  ["of an actor", list({ actor: "guest" })],
  ["refused", list({ outcome: "refused" }, { before: null, limit: 50 })],
  ["an action", list({ action: "user.changed" }, { before: null, limit: 50 })],
  ["those that begin so", list({ action: "user." }, { before: null, limit: 50 })],
  ["of a job", list({ jobId: SHOP.id }, { before: null, limit: 50 })],
  ["of a time", list({ since: T0 + 1, until: T0 + 6 }, { before: null, limit: 200 })],
  ["none", list({ action: "user" })],
];

export const ACCOUNTS: readonly Step[] = [
  ...USERS,
  ...SESSIONS,
  ...SECOND_FACTORS,
  ...TOKENS,
  ...DELAYS,
  ...AUDIT,
];
