import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const APP = join(import.meta.dirname, "../app");

export type Address = {
  /** With its parameters still in it: `/jobs/[job]`. */
  readonly pattern: string;
  readonly isPage: boolean;
  /** What a page answers is asked for by GET alone. */
  readonly methods: readonly string[];
};

/** Every page and every route there is, read from the folders Next reads: a new one is among them by itself. */
export function everyAddress(): Address[] {
  return globSync("**/{page.tsx,route.ts}", { cwd: APP })
    .sort()
    .map((file) => {
      const isPage = file.endsWith("page.tsx");
      const parts = dirname(file)
        .split("/")
        .filter((part) => part !== "." && !/^\(.*\)$/.test(part));
      return {
        pattern: `/${parts.join("/")}`,
        isPage,
        methods: isPage ? ["GET"] : methodsOf(join(APP, file)),
      };
    });
}

function methodsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) =>
    new RegExp(`^  ${method}: |function ${method}\\(|\\bas ${method}\\b`, "m").test(text),
  );
}

/** @param values of the parameters; one without a value stays what it is called */
export function addressOf(pattern: string, values: Readonly<Record<string, string>> = {}): string {
  return pattern.replace(/\[+(?:\.\.\.)?(\w+)\]+/g, (_whole, name: string) => values[name] ?? name);
}
