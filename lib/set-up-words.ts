import type { Logger } from "pino";
import type { App } from "./booted";
import { slot } from "./slot.mjs";
import { jobIdsNow } from "./store/jobs";

const OF_AN_UPGRADE = `Programs that call the API by its address need a token from now on. On this host unstuck, and curl --unix-socket, need none
(docs/security.md, After an upgrade). unstuck doctor names those that were refused.
`;

/** How to make the first account, for the person who has started the dashboard: no one else reads what it prints. */
export function tellHowToSetUp({ auth, config, origin, store }: App, log: Pick<Logger, "warn">): void {
  slot().firstSteps = null;
  if (config.open) log.warn({}, "accounts.off");
  if (auth.hasUsers()) auth.code.forget();
  if (config.open || auth.hasUsers()) return;
  const link = `There is no account yet. Open this link to make the first one, an admin:\n  ${origin}/set-up#${auth.code.read()}\n`;
  const text = link + (jobIdsNow(store).length > 0 ? OF_AN_UPGRADE : "");
  // With the address, where it is looked for; by itself when that was told before, as after a start that had to be tried again.
  if (slot().isAnnounced) process.stdout.write(text);
  else slot().firstSteps = text;
}
