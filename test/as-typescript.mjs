import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import typescript from "typescript";

/**
 * `node --import` this: then our modules run as they are, in a process of their own. They name each other without an ending, and their
 * types are taken out by TypeScript, since Node's own stripping knows no parameter properties.
 */
const ROOT = join(import.meta.dirname, "..");
const { ESNext } = typescript.ModuleKind;
const compilerOptions = { module: ESNext, target: typescript.ScriptTarget.ES2023 };

registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.endsWith(".ts")) return next(specifier, context);
    const url = specifier.startsWith("@/")
      ? pathToFileURL(join(ROOT, specifier.slice(2)))
      : specifier.startsWith(".") && new URL(specifier, context.parentURL);
    if (!url) return next(specifier, context);
    const path = `${fileURLToPath(url)}.ts`;
    return next(existsSync(path) ? pathToFileURL(path).href : url.href, context);
  },
  load(url, context, next) {
    if (!url.endsWith(".ts")) return next(url, context);
    const source = readFileSync(fileURLToPath(url), "utf8");
    const { outputText } = typescript.transpileModule(source, { compilerOptions });
    return { format: "module", source: outputText, shortCircuit: true };
  },
});
