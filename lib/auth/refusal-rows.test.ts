import { expect, test } from "vitest";
import { rowsOfRefusals } from "./refusal-rows";

test("the same of one is written once a minute, and what another asks for beside it", () => {
  let at = 0;
  const isWorthARow = rowsOfRefusals(() => at);
  expect([isWorthARow("ada", "users"), isWorthARow("ada", "users"), isWorthARow("bob", "users")]).toEqual([
    true,
    false,
    true,
  ]);
  at = 59_999;
  expect(isWorthARow("ada", "users")).toBe(false);
  at = 60_000;
  expect(isWorthARow("ada", "users")).toBe(true);
  // A clock that was set back keeps nothing.
  at = -3_600_000;
  expect(isWorthARow("ada", "users")).toBe(true);
});

test("one who asks for ever new things fills no audit", () => {
  const isWorthARow = rowsOfRefusals(() => 0);
  const rows = Array.from({ length: 1_000 }, (_, number) => isWorthARow("ada", `/${number}`));
  expect(rows.filter((one) => one)).toHaveLength(20);
  expect(isWorthARow("bob", "/1")).toBe(true);
});
