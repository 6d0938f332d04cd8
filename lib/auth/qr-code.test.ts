import { expect, test } from "vitest";
import { qrCode } from "./qr-code";

/** Whether the module of that place is dark. */
function darkIn({ size, path }: ReturnType<typeof qrCode>): boolean[][] {
  const dark = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => dark.has(`${x},${y}`)),
  );
}

test("a QR code is a square with its three corners, and nothing else than modules", () => {
  const code = qrCode("otpauth://totp/Unstuck:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Unstuck");
  expect(code.path).toMatch(/^(?:M\d+ \d+h1v1h-1z)+$/);
  expect((code.size - 17) % 4).toBe(0);
  const dark = darkIn(code);
  const last = code.size - 7;
  for (const [x, y] of [
    [0, 0],
    [last, 0],
    [0, last],
  ] as const) {
    const rows = dark.slice(y, y + 7).map((row) =>
      row
        .slice(x, x + 7)
        .map((one) => (one ? "#" : "."))
        .join(""),
    );
    expect(rows).toEqual(["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]);
  }
});

test("other texts have other codes", () => {
  expect(qrCode("one").path).not.toBe(qrCode("two").path);
});
