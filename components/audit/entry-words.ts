import type { AuditView } from "@/lib/contracts/audit";
import { WAYS_IN, type WayIn } from "@/lib/domain/access";
import { RESERVED_NAMES } from "@/lib/domain/user";

/** What something was done to, or what else says at a glance what it was about. */
export type Target = { readonly label: string; readonly href: string | null };

/** @param titleOf the title of a job that there is; null when there is none any more */
export function targetsOf(entry: AuditView, titleOf: (job: string) => string | null): readonly Target[] {
  const { job, run, action } = entry;
  const title = job === null ? null : titleOf(job);
  return [
    ...(job === null ? [] : [{ label: title ?? job, href: title === null ? null : `/jobs/${job}` }]),
    ...(run === null ? [] : [{ label: run, href: action === "run.deleted" ? null : `/runs/${run}` }]),
    ...fromDetails(entry),
  ];
}

function fromDetails({ details, actor }: AuditView): readonly Target[] {
  if (typeof details !== "object" || details === null) return [];
  const text = (name: string) => {
    const value: unknown = Reflect.get(details, name);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const plan = text("planId");
  const lock = text("lock");
  const user = text("user");
  const method = text("method");
  const limit: unknown = Reflect.get(details, "maxRuns");
  const name = text("name");
  const more: readonly (Target | null)[] = [
    plan === null ? null : { label: "the plan", href: `/cleanups/${plan}` },
    lock === null ? null : { label: `lock ${lock}`, href: "/locks" },
    // Who changes their own account is named already.
    user === null || user === actor ? null : plain(user),
    plain(text("token")),
    name === null ? null : plain(typeof limit === "number" ? `${name}: ${limit}` : name),
    method === null ? null : plain(`${method} ${text("path") ?? ""}`.trim()),
    plain(text("why")),
  ];
  return more.filter((target) => target !== null);
}

function plain(label: string | null): Target | null {
  return label === null ? null : { label, href: null };
}

const VIA = {
  session: "session",
  token: "token",
  proxy: "proxy",
  socket: "socket",
  open: "accounts off",
} as const satisfies Record<WayIn, string>;

const VIA_ABOUT = {
  session: "Signed in, in a browser",
  token: "By an API token",
  proxy: "Signed in by a proxy in front of Unstuck",
  socket: "From the host itself, by the owner’s socket",
  open: "By anyone: accounts were switched off",
} as const satisfies Record<WayIn, string>;

/** By what it was asked, short for a column and in full. */
export function viaInWords({ via, actor }: Pick<AuditView, "via" | "actor">): {
  readonly short: string;
  readonly long: string;
} {
  const known = WAYS_IN.find((way) => way === via);
  if (known !== undefined) return { short: VIA[known], long: VIA_ABOUT[known] };
  if (via !== null) return { short: via, long: via };
  return isItself(actor)
    ? { short: "by itself", long: "By Unstuck itself; no one asked for it" }
    : { short: "–", long: "Not recorded: it is from before there were accounts" };
}

/** Before there were accounts, people were called `operator`. */
function isItself(actor: string): boolean {
  return actor !== "operator" && RESERVED_NAMES.includes(actor);
}
