import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

export type Address = {
  /** With its parameters still in it: `/jobs/[job]`. */
  readonly pattern: string;
  readonly isPage: boolean;
  /** What a page answers is asked for by GET alone. */
  readonly methods: readonly string[];
};

/** Every page and every route there is, read from the folders: a new one is among them by itself. */
export function everyAddress(): Address[] {
  const pages = globSync("**/page.tsx", { cwd: join(ROOT, "app") }).map((file) => ({
    pattern: patternOf(file),
    isPage: true,
    methods: ["GET"],
  }));
  const routes = globSync("**/route.ts", { cwd: join(ROOT, "api") }).map((file) => ({
    pattern: file.startsWith("v1/") ? `/api${patternOf(file)}` : patternOf(file),
    isPage: false,
    methods: methodsOf(join(ROOT, "api", file)),
  }));
  return [...pages, ...routes, UNKNOWN].sort((a, b) => a.pattern.localeCompare(b.pattern));
}

/** What is below /api and no route. */
const UNKNOWN = {
  pattern: "/api/[...path]",
  isPage: false,
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
};

function patternOf(file: string): string {
  const parts = dirname(file).split("/");
  return `/${parts.filter((part) => part !== "." && !/^\(.*\)$/.test(part)).join("/")}`;
}

function methodsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) =>
    new RegExp(`^  ${method}: `, "m").test(text),
  );
}

/** @param values of the parameters; one without a value stays what it is called */
export function addressOf(pattern: string, values: Readonly<Record<string, string>> = {}): string {
  return pattern.replace(/\[+(?:\.\.\.)?(\w+)\]+/g, (_whole, name: string) => values[name] ?? name);
}
