import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { rotateKey } from "./rotate-key";

test("a rotation says how many secrets were sealed again, and leaves its row in the audit", async () => {
  const ctx = aContext({ rotateSecretKey: async () => 3 });
  expect(await rotateKey(ctx)).toBe(3);
  expect(actionsOf(ctx)).toEqual(["secret_key.rotated"]);
});

test("a key that is someone's own file is not touched, and nothing is written", async () => {
  const rotateSecretKey = () => Promise.reject(new AppError("SECRET_KEY_GIVEN", "It is yours to change."));
  const ctx = aContext({ rotateSecretKey });
  await expectRefusal(ctx, "SECRET_KEY_GIVEN", () => rotateKey(ctx));
});
