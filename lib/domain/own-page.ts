const OWN = "http://own.invalid";
/** One slash: after two, or a slash and a backslash, browsers read the name of another host. */
const ONE_SLASH = /^\/(?![/\\])/;
/** What sends everyone on who is signed in leads nowhere, and data is no page. */
const NO_PAGES = /^\/(?:sign-in|set-up|not-allowed|api|health|_next)(?:\/|$)/;
/** It lies in a cookie meanwhile. */
const LONGEST = 400;

/** A page of the dashboard to go to after signing in at a provider: the one that was asked for, else the overview. */
export function ownPage(asked: string | undefined): string {
  if (asked === undefined || asked.length > LONGEST || !ONE_SLASH.test(asked)) return "/";
  const url = URL.parse(asked, OWN);
  if (url === null || url.origin !== OWN || NO_PAGES.test(url.pathname)) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  // Blanks and dots that a browser takes out may have hidden a second slash.
  return ONE_SLASH.test(path) && path.length <= LONGEST ? path : "/";
}
