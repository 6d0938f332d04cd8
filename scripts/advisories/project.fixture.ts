/** Dependencies of every sort: of another, in two versions, optional, under another name, put there by `overrides`, and for development. */
export const PROJECT = {
  name: "project",
  version: "1.0.0",
  dependencies: { plain: "1.0.0", other: "1.0.0", alias: "npm:@scope/real@1.0.0", old: "1.0.0" },
  optionalDependencies: { optional: "1.0.0" },
  devDependencies: { tool: "1.0.0" },
  overrides: { replaced: "2.0.0" },
};
const of = (version: string, more: object = {}) => ({ version, ...more });
export const LOCK = {
  name: "project",
  version: "1.0.0",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": PROJECT,
    "node_modules/plain": of("1.0.0", { dependencies: { replaced: "^2.0.0", twice: "1.2.0" } }),
    "node_modules/plain/node_modules/twice": of("1.2.0"),
    "node_modules/other": of("1.0.0", { dependencies: { twice: "1.0.0", both: "1.0.0" } }),
    "node_modules/twice": of("1.0.0"),
    "node_modules/both": of("1.0.0"),
    "node_modules/replaced": of("2.0.0"),
    "node_modules/alias": of("1.0.0", { name: "@scope/real" }),
    "node_modules/old": of("1.0.0"),
    "node_modules/optional": of("1.0.0", { optional: true, os: ["aix"], dependencies: { shared: "1.0.0" } }),
    // Of what is optional and of a tool.
    "node_modules/shared": of("1.0.0", { devOptional: true }),
    "node_modules/tool": of("1.0.0", { dev: true, dependencies: { shared: "1.0.0" } }),
  },
};
/** What of it is asked for. */
export const PRODUCTION = {
  plain: ["1.0.0"],
  twice: ["1.2.0", "1.0.0"],
  other: ["1.0.0"],
  both: ["1.0.0"],
  replaced: ["2.0.0"],
  "@scope/real": ["1.0.0"],
  old: ["1.0.0"],
  optional: ["1.0.0"],
  shared: ["1.0.0"],
};
