import { type AdmitNeeds, admission } from "@/lib/auth/admit";
import type { Access, GrantedJob, Identity } from "@/lib/domain/access";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { problemResponse } from "@/lib/http/problem";
import type { AskedFor } from "@/lib/slot.mjs";
import { anIdentity } from "./accounts";
import { jobId } from "./factories";

/** A run of the job shop. */
export const RUN = "run_00000000000000000001";
const SHOP: GrantedJob = { id: jobId("shop"), tags: ["eu"] };
const NEWS: GrantedJob = { id: jobId("news"), tags: [] };
export const CLIENT = { address: "198.51.100.4", secure: false };

export const COOKIE = { cookie: "session", "sec-fetch-site": "same-origin" };
export const GOOD = { authorization: "Bearer good" };

/** Someone whose session is that of `COOKIE`. */
export const withRole = (role: Access["role"], ...grants: Access["grants"]): Identity =>
  anIdentity({ name: "anna", access: { role, grants } });

/** A door that knows one session and one token. */
export function aDoor(
  changes: { session?: Identity | null; token?: Identity | null } & Partial<AdmitNeeds> = {},
) {
  const { session = null, token = null, ...needs } = changes;
  const refused: (readonly [string, Omit<AuditEntry, "actor">])[] = [];
  const looked: string[] = [];
  const calls: string[] = [];
  const admit = admission({
    identify: {
      sessionOf: (cookie) => (cookie === "session" ? session : null),
      tokenOf: (authorization) => (authorization?.endsWith("good") ? token : null),
      forget: () => undefined,
    },
    proxied: null,
    clientOf: (peer) => ({ address: peer ?? null, secure: false }),
    open: false,
    hasUsers: () => true,
    jobOf: async (id) => {
      looked.push(id);
      return [SHOP, NEWS].find((job) => job.id === id) ?? null;
    },
    jobOfRun: async (id) => {
      looked.push(id);
      return id === RUN ? SHOP : null;
    },
    noteCall: ({ method }, path, { address }) => void calls.push(`${method} ${path} from ${address}`),
    recordRefusal: (who, entry) => void refused.push([who.name, entry]),
    toResponse: problemResponse,
    ...needs,
  });
  /** What becomes of it: who it is let in as, the code it is refused with, or the page it is sent to. */
  const ask = async (method: string, url: string, headers: AskedFor["headers"] = COOKIE, byOwner = false) => {
    const asked = { method, url, headers, peer: CLIENT.address, byOwner };
    const answer = await admit(asked);
    if ("as" in answer) return answer.as.who?.name ?? "anyone";
    if ("goTo" in answer) return `to ${answer.goTo}`;
    return ((await answer.refusal.json()) as { code: string }).code;
  };
  return { admit, ask, refused, looked, calls };
}
