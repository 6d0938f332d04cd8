import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSizeText, parseSizeText } from "./size-text";

describe("parseSizeText", () => {
  it.each([
    ["512 MB", 512_000_000],
    ["200mb", 200_000_000],
    ["200 M", 200_000_000],
    ["1.5 GB", 1_500_000_000],
    ["1,5 GB", 1_500_000_000],
    ["1 GiB", 1_073_741_824],
    ["1Gi", 1_073_741_824],
    ["0.5 MiB", 524_288],
    ["1048576 B", 1_048_576],
    ["1048576 bytes", 1_048_576],
    ["2 TB", 2_000_000_000_000],
    ["0.1 kB", 100],
    ["0 B", 0],
  ])("reads %j as %i bytes", (text, bytes) => expect(parseSizeText(text)).toBe(bytes));

  it.each(["", "10", "big", "10 parsecs", "MB", "-5 MB", "5 MB or so", "1.2.3 MB", "5 i", "5 iB", "9999 PB"])(
    "refuses %j",
    (text) => expect(parseSizeText(text)).toBeNull(),
  );

  it("reads back what formatSizeText writes", () => {
    const sizes = fc.oneof(
      fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      fc.nat({ max: 9_000 }).map((count) => count * 1_000_000),
    );
    fc.assert(
      fc.property(sizes, (bytes) => {
        expect(parseSizeText(formatSizeText(bytes))).toBe(bytes);
      }),
    );
  });
});

describe("formatSizeText", () => {
  it.each([
    [512_000_000, "512 MB"],
    [1_500_000_000, "1.5 GB"],
    [1_048_576, "1 MiB"],
    [536_870_912, "512 MiB"],
    [1_610_612_736, "1536 MiB"],
    [1_048_577, "1048577 B"],
    [999, "999 B"],
    [0, "0 B"],
  ])("writes %i bytes as %j", (bytes, text) => expect(formatSizeText(bytes)).toBe(text));
});
