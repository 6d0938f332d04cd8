import { check } from "../../lib/domain/doctor-checks.mjs";
import { Refused } from "../api.mjs";
import { localChecks } from "../doctor/local-checks.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";

/** @typedef {import("../../lib/domain/doctor").Check} Check */

/** @type {Record<Check["status"], import("../show/screen.mjs").Tone>} */
const TONE = { ok: "good", warn: "odd", fail: "bad", unknown: "odd" };

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }) {
  const asked = await askDashboard(dashboard);
  const known = new Set(asked.map(({ id }) => id));
  // What the dashboard says of itself is nearer to the truth than what can be seen from here.
  const own = localChecks(dashboard.place.dataDir).filter(({ id }) => !known.has(id));
  const checks = [...asked, ...own];
  if (screen.isJson) screen.json({ checks });
  else tell(screen, checks);
  return checks.some(({ status }) => status === "fail") ? EXIT.notWell : 0;
}

/**
 * @param {import("../api.mjs").Dashboard} dashboard
 * @returns {Promise<Check[]>}
 */
async function askDashboard(dashboard) {
  try {
    /** @type {{ checks: Check[] }} */
    const { checks } = await dashboard.call("GET", "/api/v1/doctor");
    return [check("dashboard", "Dashboard", "ok", `answers at ${dashboard.place.named}`), ...checks];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isUp = error instanceof Refused;
    const fix = isUp
      ? "It runs, but did not come up; it says why."
      : "Start it: npm start, or systemctl start unstuck.";
    return [check("dashboard", "Dashboard", "fail", error.message, fix)];
  }
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {Check[]} checks
 */
function tell(screen, checks) {
  const width = Math.max(...checks.map(({ title }) => title.length));
  for (const { title, status, found, fix } of checks) {
    const lead = `${screen.paint(TONE[status], status.padEnd(7))}  ${title.padEnd(width)}  `;
    screen.print(`${lead}${screen.folded(found, 11 + width)}`);
    if (fix !== null && status !== "ok")
      screen.print(`${" ".repeat(11 + width)}→ ${screen.folded(fix, 13 + width)}`);
  }
  const bad = checks.filter(({ status }) => status === "fail" || status === "warn").length;
  screen.print(bad === 0 ? "\nAll is well." : `\n${bad} of ${checks.length} checks found something.`);
}
