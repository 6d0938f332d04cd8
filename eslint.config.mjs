import { parser, plugin } from "typescript-eslint";

const TOKEN = "/token$/i";
/** What is compared with a literal (`typeof`, null, an empty text) is no guess at a token. A pattern, as esquery reads `undefined` as a missing name. */
const COMPARED_TOKEN = [
  `BinaryExpression[operator=/^[!=]==?$/][left.name=${TOKEN}]`,
  `BinaryExpression[operator=/^[!=]==?$/][left.property.name=${TOKEN}]`,
  `BinaryExpression[operator=/^[!=]==?$/][right.name=${TOKEN}]`,
  `BinaryExpression[operator=/^[!=]==?$/][right.property.name=${TOKEN}]`,
].map(
  (selector) =>
    `${selector}:not([left.type="Literal"]):not([right.type="Literal"]):not([right.name=/^undefined$/])`,
);
const COMPARING_CALL = ["object.name", "object.property.name"].map(
  (whose) =>
    `CallExpression[callee.${whose}=${TOKEN}][callee.property.name=/^(equals|localeCompare|startsWith|endsWith|includes)$/][arguments.0.type!="Literal"]`,
);

/**
 * Biome does the rest; these few rules need types: a promise nobody waits for is a failure nobody sees.
 * @type {import("eslint").Linter.Config[]}
 */
export default [
  {
    ignores: ["node_modules/", ".next*/", "lib/store/generated/", "data*/", "next-env.d.ts"],
  },
  {
    files: [
      "{app,bench,bootstrap,cli,components,e2e,examples,lib,scripts,server,test}/**/*.{ts,tsx,mjs}",
      "{instrumentation,instrumentation-client}.ts",
    ],
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
  {
    files: ["{app,cli,components,lib,server}/**/*.{ts,tsx,mjs}"],
    languageOptions: { parser },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[...COMPARED_TOKEN, ...COMPARING_CALL].map((selector) => ({
          selector,
          message:
            "A token is compared by sameToken of lib/supervisor/files/same-token.ts, in a time that tells nothing.",
        })),
      ],
    },
  },
];
