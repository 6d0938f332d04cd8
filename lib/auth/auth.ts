import type { GrantedJob, Identity } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/errors";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { AuthHost, Credentials } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { ProviderHost, ProxyPeople } from "@/lib/domain/ports/identities";
import { isUsable } from "@/lib/domain/provided-name";
import type { ProviderSettings, ProxySettings } from "@/lib/domain/sign-in-settings";
import type { Admit } from "@/lib/slot.mjs";
import { admission } from "./admit";
import { clientOf, proxiesIn } from "./client-address";
import { type ProviderCookie, providerCookie, type SessionCookie, sessionCookie } from "./cookies";
import { type Identify, identifyBy } from "./identify";
import { addKey, keepFirstKey, readKeys } from "./own-files";
import { passwords } from "./passwords";
import { PENDING_MS } from "./pending-sign-ins";
import { signInProvider } from "./provider";
import { type ProxyNeeds, type ProxyUsers, proxyUsers } from "./proxy-users";
import { qrCode } from "./qr-code";
import { rowsOfRefusals } from "./refusal-rows";
import { type RefusedCall, refusedCalls } from "./refused-calls";
import { type Keyring, sealWith } from "./seal";
import { hashOf, newApiToken, newRecoveryCode, newSecret } from "./secrets";
import { type SetUpCode, setUpCode } from "./set-up-code";
import { newTotpSecret, stepOf, totpUri } from "./totp";

export type { Keyring, ProviderCookie };

/** What a browser keeps while it is at the provider. */
export type ProviderCookies = Readonly<Record<"sign-in" | "sign-out", ProviderCookie>>;

export type AuthNeeds = {
  /** What tells this data folder from others. */
  readonly folder: string;
  readonly keyring: Keyring;
  readonly setUpCode: string;
  readonly open: boolean;
  readonly trustedProxies: readonly string[];
  /** Under which people open the dashboard. */
  readonly origin: string;
  /** null: none is configured. */
  readonly provider: ProviderSettings | null;
  readonly proxy: { readonly settings: ProxySettings; readonly people: ProxyPeople } | null;
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly sameToken: (one: string, other: string) => boolean;
  readonly jobOf: (id: JobId) => Promise<GrantedJob | null>;
  readonly jobOfRun: (id: RunId) => Promise<GrantedJob | null>;
  readonly recordAudit: (entry: AuditEntry) => Promise<void>;
  readonly toResponse: (error: unknown) => Response;
  readonly onFailure: (error: unknown) => void;
  /** What went wrong at the provider, for those who run the dashboard. */
  readonly onProviderFailure: (refusal: AppError) => void;
};

type KeyPlace = { readonly keyring: Keyring; readonly file: string; readonly given: string | null };

/**
 * Puts another key in place of the one that secrets are sealed with, one rotation after the other: what a second one begun meanwhile seals would
 * be sealed with a key that the first forgets. Killed in between, both keys are there: the next start seals the rest, the next rotation removes the old one.
 * @param reseal seals everything with the key that is used then
 * @returns what it answers. Rejects with AppError SECRET_KEY_GIVEN, and what `reseal` throws
 */
export function keyRotation<Sealed>(place: KeyPlace, reseal: () => Promise<Sealed>): () => Promise<Sealed> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const mine = last.then(() => rotateKey(place, reseal));
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function rotateKey<Sealed>(
  { keyring, file, given }: KeyPlace,
  reseal: () => Promise<Sealed>,
): Promise<Sealed> {
  if (given !== null)
    throw new AppError(
      "SECRET_KEY_GIVEN",
      `The key comes from ${given} (UNSTUCK_SECRET_KEY_FILE), which is yours to change: put a new line before the others (openssl rand -base64 32), restart Unstuck, then remove the old ones.`,
      { file: given },
    );
  const keys = addKey(file);
  keyring.use(keys);
  const sealed = await reseal();
  keyring.use(keepFirstKey(file, keys));
  return sealed;
}

/** The door: who asks, what they may do, and what signing in needs. */
export type Auth = {
  readonly admit: Admit;
  readonly host: Omit<AuthHost, "rotateSecretKey"> & ProviderHost;
  readonly cookie: SessionCookie;
  readonly providerCookies: ProviderCookies;
  readonly code: SetUpCode;
  hasUsers(): boolean;
  /** Of programs that did not say who they are, since the start. */
  refusedCalls(): readonly RefusedCall[];
  /** Something was written about accounts: what is kept of them holds no more. */
  forget(): void;
};

const ISSUER = "Unstuck";
const UNWRITTEN = "Further refusals within this minute are not recorded.";

/**
 * The keys that secrets are sealed with, needed before the database is opened.
 * @throws AppError CONFIG_INVALID
 */
export function openKeyring(file: string, given: string | null): Keyring {
  return sealWith(readKeys(file, given));
}

export function openAuth(needs: AuthNeeds): Auth {
  const { credentials, now } = needs;
  const cookie = sessionCookie(needs.folder);
  const identify = identifyBy(credentials, cookie, now, needs.onFailure);
  const { hash, check } = passwords();
  const { seal, unseal } = needs.keyring;
  const code = setUpCode(needs.setUpCode);
  const calls = refusedCalls();
  const cookieFor = (purpose: keyof ProviderCookies) =>
    providerCookie(purpose, needs.folder, needs.origin.startsWith("https:"), PENDING_MS);
  const isWorthARow = rowsOfRefusals(now);
  const recordRefusal = (who: Refused, entry: Omit<AuditEntry, "actor">) => {
    // Looking at many pages must not hide what they tried to change.
    const kind = ["GET", "HEAD"].includes(String(entry.details?.method)) ? "read" : "change";
    const worth = isWorthARow(`${who.via}:${who.viaId ?? who.name}:${kind}`, JSON.stringify(entry.details));
    if (worth === "no") return;
    const details = { ...entry.details, ...(worth === "last" ? { note: UNWRITTEN } : {}) };
    const by = { via: who.via, viaId: who.viaId, address: who.address };
    needs.recordAudit({ actor: who.name, ...entry, details, by }).catch(needs.onFailure);
  };
  const refuseProxied: ProxyNeeds["onRefused"] = (name, { code, details }, { address }) =>
    recordRefusal(
      { name: isUsable(name) ? name : "unknown", via: "proxy", viaId: null, address },
      { action: "session.refused", refused: true, details: { why: details.why ?? code } },
    );
  return {
    admit: admission({
      identify,
      proxied: proxied(needs, identify, refuseProxied),
      clientOf: clientOf(needs.trustedProxies),
      open: needs.open,
      hasUsers: () => credentials.hasUsers(),
      jobOf: needs.jobOf,
      jobOfRun: needs.jobOfRun,
      noteCall: ({ method, headers }, path, { address }) => {
        // A page of ours whose session is over is no program.
        if (headers.cookie !== undefined || headers["sec-fetch-mode"] !== undefined) return;
        calls.note({ what: `${method} ${path}`, agent: headers["user-agent"] ?? "", address, at: now() });
      },
      recordRefusal,
      toResponse: needs.toResponse,
    }),
    host: {
      hashPassword: hash,
      checkPassword: check,
      newSecret,
      newApiToken,
      newRecoveryCode,
      hashOf,
      newTotpSecret,
      totpStep: stepOf,
      totpUri: (secret, name) => totpUri(secret, { name, issuer: ISSUER }),
      qrCode,
      seal,
      unseal,
      noteRefusal: (who, details) => recordRefusal(who, { action: "access.refused", refused: true, details }),
      signInProvider: providerOf(needs),
      isSetUpCode: (given) => needs.sameToken(given, code.read()),
      forgetSetUpCode: () => code.forget(),
    },
    cookie,
    providerCookies: { "sign-in": cookieFor("sign-in"), "sign-out": cookieFor("sign-out") },
    code,
    hasUsers: () => credentials.hasUsers(),
    refusedCalls: () => calls.list(),
    forget: () => identify.forget(),
  };
}

type Refused = Pick<Identity, "name" | "via" | "viaId" | "address">;

function providerOf({ provider: settings, origin, keyring, now, onProviderFailure }: AuthNeeds) {
  if (settings === null) return null;
  return signInProvider({ settings, origin, sealing: keyring, now, onFailure: onProviderFailure });
}

function proxied(
  { proxy, trustedProxies, credentials }: AuthNeeds,
  identify: Identify,
  onRefused: ProxyNeeds["onRefused"],
): ProxyUsers | null {
  if (proxy === null) return null;
  const hasUsers = () => credentials.hasUsers();
  return proxyUsers({ ...proxy, isProxy: proxiesIn(trustedProxies), identify, hasUsers, onRefused });
}
