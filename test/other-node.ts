import { copyFileSync, linkSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Another Node as far as the bootstrap can tell: this program under a path of its own. For `UNSTUCK_NODE`, once a file. */
export function otherNode(): { readonly path: string } {
  const its = { path: "" };
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "unstuck-other-node-"));
    its.path = join(folder, "node");
    try {
      linkSync(process.execPath, its.path);
    } catch {
      // On another file system.
      copyFileSync(process.execPath, its.path);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return its;
}
