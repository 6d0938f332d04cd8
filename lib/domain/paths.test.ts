import { expect, test } from "vitest";
import { resolvePath } from "./paths";

test("a relative path counts from the folder, an absolute one does not, and neither keeps its detours", () => {
  expect(resolvePath("/srv/a", "x.pid")).toBe("/srv/a/x.pid");
  expect(resolvePath("/srv/a", "./b/../x.pid")).toBe("/srv/a/x.pid");
  expect(resolvePath("/srv/a", "/run//x.pid")).toBe("/run/x.pid");
  expect(resolvePath("/", "../../x.pid")).toBe("/x.pid");
});
