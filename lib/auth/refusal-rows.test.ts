import { expect, test } from "vitest";
import { rowsOfRefusals } from "./refusal-rows";

test("the same of one is written once a minute, and what another asks for beside it", () => {
  let at = 0;
  const isWorthARow = rowsOfRefusals(() => at);
  expect([isWorthARow("ada", "users"), isWorthARow("ada", "users"), isWorthARow("bob", "users")]).toEqual([
    "yes",
    "no",
    "yes",
  ]);
  at = 59_999;
  expect(isWorthARow("ada", "users")).toBe("no");
  at = 60_000;
  expect(isWorthARow("ada", "users")).toBe("yes");
  // A clock that was set back keeps nothing.
  at = -3_600_000;
  expect(isWorthARow("ada", "users")).toBe("yes");
});

test("one who asks for ever new things fills no audit, and the last row is known to be it", () => {
  const isWorthARow = rowsOfRefusals(() => 0);
  const rows = Array.from({ length: 1_000 }, (_, number) => isWorthARow("ada", `/${number}`));
  expect(rows.filter((one) => one !== "no")).toEqual([...Array(19).fill("yes"), "last"]);
  expect(isWorthARow("bob", "/1")).toBe("yes");
});
