type EnvLines = { readonly env: Readonly<Record<string, string>>; readonly problem: string | null };

/** Reads `NAME=value`, one a line, as it is pasted out of a file. Values are taken as they stand: no quotes, no variables. Empty lines and # comments are left out. */
export function parseEnvLines(text: string): EnvLines {
  const env: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const equals = line.indexOf("=");
    const name = line.slice(0, equals).trim();
    if (equals < 1 || name === "")
      return { env, problem: `Line ${index + 1}: expected NAME=value, found “${line.slice(0, 40)}”.` };
    if (Object.hasOwn(env, name)) return { env, problem: `Line ${index + 1}: ${name} is set twice.` };
    env[name] = line.slice(equals + 1);
  }
  return { env, problem: null };
}
