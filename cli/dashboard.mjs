import { Dashboard } from "./api.mjs";
import { keptToken } from "./token-store.mjs";
import { isPlain, placeOf } from "./where.mjs";

/**
 * The dashboard that is meant, and who asks it.
 * @param {{ url?: string | undefined, data?: string | undefined }} said
 * @param {NodeJS.ProcessEnv} env
 */
export function dashboardOf(said, env) {
  return new Dashboard(placeOf(said, env), env.UNSTUCK_TOKEN || undefined, (origin) =>
    keptToken(origin, env),
  );
}

/**
 * Each time, but only to a person: cron would mail it. `unstuck login` says it to scripts too.
 * @param {Dashboard} dashboard
 * @param {import("./show/screen.mjs").Screen} screen
 */
export function warnOfPlainHttp(dashboard, screen) {
  const [door] = dashboard.place.doors;
  if (door === undefined || !("url" in door) || !isPlain(door.url)) return;
  if (dashboard.tokenFor(door).token !== undefined)
    screen.note(`${dashboard.place.named} is not encrypted: your token can be read on the way. Use https.`);
}
