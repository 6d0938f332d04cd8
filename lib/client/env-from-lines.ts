type References = Readonly<Record<string, string>>;

/** A line each. */
export function formatEnvFrom(envFrom: References): string {
  return Object.entries(envFrom)
    .map(([name, from]) => `${name}=${from}`)
    .join("\n");
}

/** What stands before the first `=` is the name. Whether name and place can be what they are is the server's rule (lib/contracts/job.ts). */
export function parseEnvFrom(text: string): {
  readonly envFrom: Record<string, string>;
  readonly problem: string | null;
} {
  const envFrom: Record<string, string> = {};
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const at = line.indexOf("=");
    const name = line.slice(0, Math.max(at, 0)).trim();
    if (name === "")
      return { envFrom, problem: `Expected NAME=file:/path or NAME=env:NAME, found “${line}”.` };
    if (Object.hasOwn(envFrom, name)) return { envFrom, problem: `${name} is there twice.` };
    envFrom[name] = line.slice(at + 1).trim();
  }
  return { envFrom, problem: null };
}
