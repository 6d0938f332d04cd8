import { SessionAnswer } from "@/lib/contracts/account";
import { leaveFor } from "./leave";
import type { ApiProblem } from "./problem";

/** Pages for people who are not signed in. They show a refusal instead of being sent where they are. */
const DOORS: readonly string[] = ["/sign-in", "/set-up"];

/** Some refusals mean that this page is not for its reader any more: the session is over, or a password has to be chosen first. */
export function followRefusal({ code }: ApiProblem): void {
  if (typeof window === "undefined") return;
  const { pathname } = window.location;
  if (code === "SIGNED_OUT" && !DOORS.includes(pathname)) void leaveIfSignedOut();
  if (code === "PASSWORD_CHANGE_NEEDED" && pathname !== "/account") leaveFor("/account");
}

let asking = false;

/**
 * A session gets a new secret when its password is changed, and what was on its way by then is refused: that is no reason to leave. So the
 * server is asked once more, by the cookie of now.
 */
async function leaveIfSignedOut(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    const response = await fetch("/api/v1/session", { cache: "no-store" });
    const answer = SessionAnswer.parse(await response.json());
    if (answer.me === null) leaveFor(signInAddress());
  } catch {
    // It does not answer, or not as expected: the next refusal asks again.
  } finally {
    asking = false;
  }
}

function signInAddress(): string {
  const { pathname, search } = window.location;
  const next = `${pathname}${search}`;
  return next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
}
