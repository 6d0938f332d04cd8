import { expect, it } from "vitest";
import { ACTION_WORDS, actionsFor, USER_ACTIONS } from "./user-action-words";

it("offers what makes sense for a user as it is", () => {
  expect(actionsFor({ disabled: false, secondFactor: false }, false)).toEqual(["end-sessions", "disable"]);
  expect(actionsFor({ disabled: true, secondFactor: true }, false)).toEqual([
    "remove-second-factor",
    "enable",
  ]);
  expect(actionsFor({ disabled: false, secondFactor: true }, true)).toEqual([]);
});

it.each(USER_ACTIONS)("names the user who is meant: %s", (action) => {
  expect(ACTION_WORDS[action].title("alice")).toContain("alice");
  expect(ACTION_WORDS[action].done("alice")).toContain("alice");
});
