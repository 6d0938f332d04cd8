import { expect, it } from "vitest";
import { tokenUses } from "./token-uses";

it("is one command each, ready to be pasted", () => {
  const commands = tokenUses("https://unstuck.example", "unstuck_abc123").map(({ command }) => command);
  expect(commands).toEqual([
    "UNSTUCK_URL=https://unstuck.example UNSTUCK_TOKEN=unstuck_abc123 unstuck status",
    'curl -H "Authorization: Bearer unstuck_abc123" https://unstuck.example/api/v1/status',
  ]);
});
