import { parser, plugin } from "typescript-eslint";

/** Biome does the rest; these few rules need types: a promise nobody waits for is a failure nobody sees. */
export default [
  {
    ignores: ["node_modules/", ".next*/", "lib/store/generated/", "data*/", "next-env.d.ts"],
  },
  {
    files: ["{app,components,lib,server,test,e2e,scripts}/**/*.{ts,tsx,mjs}", "instrumentation.ts"],
    languageOptions: {
      parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "@typescript-eslint": plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true }],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
];
