import type { Logger } from "pino";
import { type Auth, type Keyring, openAuth } from "./auth/auth";
import { wallClock } from "./clock";
import type { Config } from "./config/config";
import type { ProxyPeople } from "./domain/ports/identities";
import type { Ports } from "./domain/ports/ports";
import { problemResponse } from "./http/problem";
import { changeProxyRole, makeProxyUser } from "./services/accounts/proxy-user";
import { credentialsOf } from "./store/credentials";
import type { OpenedStore } from "./store/open";
import { sealAll } from "./store/seal-all";
import type { Store } from "./store/transaction";
import type { Urgency } from "./store/write-queue";
import { sameToken } from "./supervisor/files/same-token";

type Needs = {
  readonly config: Config;
  readonly store: Store;
  readonly keyring: Keyring;
  /** What tells this data folder from others. */
  readonly folder: string;
  /** Made after this, since they have a part of it. */
  readonly ports: () => Readonly<Record<Urgency, Ports>>;
  /** Where it listens. */
  readonly origin: string;
  readonly log: Pick<Logger, "error" | "warn">;
};

/** Puts lib/auth together with what it asks of the rest. */
export function openAccounts({ config, store, keyring, folder, ports, origin, log }: Needs): Auth {
  const { provider, proxy, publicUrl } = config.signIn;
  const jobOf: Parameters<typeof openAuth>[0]["jobOf"] = async (id) =>
    (await ports().operator.findJob(id))?.job ?? null;
  return openAuth({
    ...{ folder, keyring, jobOf, sameToken },
    ...{ setUpCode: config.paths.setUpCode, open: config.open, trustedProxies: config.trustedProxies },
    ...{ provider, origin: publicUrl ?? origin },
    proxy: proxy && { settings: proxy, people: proxyPeople(ports) },
    credentials: credentialsOf(store),
    now: wallClock,
    jobOfRun: async (id) => {
      const run = await ports().operator.findRun(id);
      return run === null ? null : jobOf(run.jobId);
    },
    recordAudit: (entry) => ports().housekeeping.recordAudit(entry),
    toResponse: problemResponse,
    onFailure: (error) => log.error({ error: String(error) }, "accounts.note_failed"),
    onProviderFailure: ({ code, details }) => log.warn({ code, why: details.why }, "oidc.failed"),
  });
}

/** A request of theirs waits for it, so it waits in the line of requests. */
function proxyPeople(ports: Needs["ports"]): ProxyPeople {
  return {
    make: (...given) => makeProxyUser(ports().operator, ...given),
    changeRole: (...given) => changeProxyRole(ports().operator, ...given),
  };
}

/** What cannot be opened keeps nothing else from coming up: its job says so when it is launched. */
export async function sealEverything(store: OpenedStore, log: Pick<Logger, "info" | "error">): Promise<void> {
  const { unreadable, ...sealed } = await sealAll(store);
  if (sealed.secrets + sealed.runs > 0) {
    store.writeThrough();
    log.info(sealed, "secrets.sealed");
  }
  if (unreadable > 0) log.error({ unreadable }, "secrets.other_key");
}
