import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { table } from "@/api/table";

const API = join(import.meta.dirname, "../../api");

test("every route file answers at the path of its folder, and no path is without one", () => {
  const folders = globSync("**/route.ts", { cwd: API }).map(dirname);
  const paths = folders.map((folder) => (folder.startsWith("v1/") ? `/api/${folder}` : `/${folder}`));
  expect(Object.keys(table).sort()).toEqual(paths.sort());
});
