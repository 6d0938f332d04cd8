/** null: any program. */
export type AllowedCommands = readonly string[] | null;

/** @param text absolute paths of programs, and of folders with a / at their end, separated by commas */
export function parseAllowedCommands(text: string): {
  readonly commands: AllowedCommands;
  readonly problems: readonly string[];
} {
  const commands = text
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "");
  const problems = commands
    .filter((path) => !path.startsWith("/") || /\/\.{0,2}\/|\/\.{1,2}$/.test(path) || path === "/")
    .map(
      (path) =>
        `expected absolute paths of programs, or of folders with a / at their end, found ${JSON.stringify(path)}. Example: UNSTUCK_ALLOWED_COMMANDS=/opt/scrapers/,/usr/bin/scrapy`,
    );
  return { commands: commands.length === 0 ? null : commands, problems };
}

/**
 * @param path absolute, without `.` and `..`
 * @param real the same behind all links
 */
export function isAllowed(path: string, real: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => (one.endsWith("/") ? real.startsWith(one) : one === path || one === real));
}
