import type { ProviderIdentity } from "@/lib/domain/ports/identities";
import { aNewUser, userId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { audit } from "../store/given";
import type { Step } from "./given";

const ADA = aNewUser(21, { name: "ada", role: "viewer", passwordHash: null });
const EVE = aNewUser(22, { name: "eve" });
const identity = (subject: string, issuer = "https://login.example.org"): ProviderIdentity => ({
  issuer,
  subject,
});

/** After those of accounts. */
export const IDENTITIES: readonly Step[] = [
  ["no user with that identity", (p) => p.findUserByIdentity(identity("a"))],
  ["a user with one", (p) => p.insertUserWithIdentity(ADA, identity("a"), audit("user.created"), T0)],
  ["is found by it", (p) => p.findUserByIdentity(identity("a"))],
  ["not by that of another issuer", (p) => p.findUserByIdentity(identity("a", "https://other.example.org"))],
  ["nor by another subject", (p) => p.findUserByIdentity(identity("A"))],
  [
    "the name is taken, whatever its case",
    (p) => p.insertUserWithIdentity({ ...EVE, name: "ADA" }, identity("e"), audit("user.created"), T0),
  ],
  ["the identity is taken", (p) => p.insertUserWithIdentity(EVE, identity("a"), audit("user.created"), T0)],
  ["neither left a user", (p) => p.findUser(EVE.id)],
  ["one without", (p) => p.insertUser(EVE, false, audit("user.created"), T0)],
  ["has none", (p) => p.findIdentity(EVE.id)],
  ["is linked", (p) => p.linkIdentity(EVE.id, identity("e"), audit("user.identity_linked"), T0 + 1)],
  [
    "to the same once more",
    (p) => p.linkIdentity(EVE.id, identity("e"), audit("user.identity_linked"), T0 + 2),
  ],
  ["not to another's", (p) => p.linkIdentity(EVE.id, identity("a"), audit("user.identity_linked"), T0 + 2)],
  [
    "nor to a second one there",
    (p) => p.linkIdentity(EVE.id, identity("f"), audit("user.identity_linked"), T0),
  ],
  [
    "to one of another issuer",
    (p) =>
      p.linkIdentity(EVE.id, identity("e", "https://new.example.org"), audit("user.identity_linked"), T0 + 3),
  ],
  [
    "no user is not linked",
    (p) => p.linkIdentity(userId(29), identity("z"), audit("user.identity_linked"), T0),
  ],
  ["the newest", (p) => p.findIdentity(EVE.id)],
  ["it is used", (p) => p.noteIdentity(identity("a"), T0 + 5)],
  ["none is used", (p) => p.noteIdentity(identity("none"), T0 + 5)],
  ["when it was used", (p) => p.findIdentity(ADA.id)],
  ["all of a user's go", (p) => p.unlinkIdentities(EVE.id, audit("user.identity_unlinked"), T0 + 6)],
  ["once", (p) => p.unlinkIdentities(EVE.id, audit("user.identity_unlinked"), T0 + 6)],
  ["the user is not found by them", (p) => p.findUserByIdentity(identity("e"))],
  ["a user goes", (p) => p.deleteUser(ADA.id, audit("user.deleted"), T0 + 7)],
  [
    "with the identity, which is free again",
    (p) => p.linkIdentity(EVE.id, identity("a"), audit("linked"), T0 + 8),
  ],
];
