import { describe, expect, it } from "vitest";
import { PLAIN, TRUE_COLOUR } from "./ansi";
import { clampTo, contrast, paintOf, rgbOf } from "./ansi-colour";

/** The log's surface, the tint of a linked line, in both themes (app/globals.css). */
const LIGHT = [0xffffff, 0xf0f1f4];
const DARK = [0x17181b, 0x212328];

describe("rgbOf", () => {
  it.each([
    [16, 0x000000],
    [21, 0x0000ff],
    [196, 0xff0000],
    [208, 0xff8700],
    [231, 0xffffff],
    [232, 0x080808],
    [255, 0xeeeeee],
    [TRUE_COLOUR + 0x123456, 0x123456],
  ])("knows colour %i", (colour, rgb) => expect(rgbOf(colour)).toBe(rgb));
});

describe("paintOf", () => {
  it("leaves text without colours to the theme", () => {
    expect(paintOf(PLAIN)).toBeNull();
    expect(paintOf({ ...PLAIN, bold: true })).toBeNull();
  });

  it("gives every one of the 256 colours a readable form in both themes", () => {
    for (let colour = 0; colour < 256; colour++) {
      for (const dim of [false, true]) {
        const [light = 0, dark = 0] = colours(paintOf({ ...PLAIN, fg: colour, dim })?.color);
        for (const background of LIGHT)
          expect(contrast(light, background), `${colour}`).toBeGreaterThanOrEqual(4.5);
        for (const background of DARK)
          expect(contrast(dark, background), `${colour}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("gives text on every background colour enough contrast", () => {
    for (let bg = 0; bg < 256; bg++) {
      for (const fg of [null, bg, 0, 15, 255 - bg]) {
        const paint = paintOf({ ...PLAIN, fg, bg });
        const [text = 0] = colours(paint?.color);
        expect(contrast(text, rgbOf(bg))).toBeGreaterThanOrEqual(4.5);
        expect(colours(paint?.backgroundColor)).toEqual([rgbOf(bg)]);
      }
    }
  });

  it("swaps text and background when they are inverted", () => {
    expect(colours(paintOf({ ...PLAIN, fg: 1, inverse: true })?.backgroundColor)).toEqual([rgbOf(1)]);
    expect(paintOf({ ...PLAIN, inverse: true })?.backgroundColor).toContain("--fg");
    const paint = paintOf({ ...PLAIN, bg: 3, inverse: true });
    const texts = colours(paint?.color);
    for (const [index, background] of colours(paint?.backgroundColor).entries()) {
      expect(contrast(texts[index] ?? 0, background)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("clampTo", () => {
  it("does not touch what can be read already", () => expect(clampTo(0xffffff, 0x17181b)).toBe(0xffffff));
  it("keeps moving until it can", () =>
    expect(contrast(clampTo(0x000080, 0x17181b), 0x17181b)).toBeGreaterThan(4.5));
});

function colours(css: string | undefined): number[] {
  return Array.from((css ?? "").matchAll(/#([0-9a-f]{6})/g), (match) => Number.parseInt(match[1] ?? "", 16));
}
