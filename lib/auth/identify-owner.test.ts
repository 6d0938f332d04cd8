import { expect, test } from "vitest";
import { everyone, OWNER } from "./identify";

const CLIENT = { address: "198.51.100.4", secure: false };

test("the owner of the socket, and everyone where accounts are off, may do everything and are no user", () => {
  expect(OWNER).toMatchObject({ name: "owner", access: { role: "admin" }, via: "socket", userId: null });
  expect(everyone(CLIENT)).toMatchObject({
    name: "operator",
    access: { role: "admin" },
    via: "open",
    userId: null,
    address: CLIENT.address,
  });
});
