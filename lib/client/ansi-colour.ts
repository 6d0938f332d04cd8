import { type AnsiColour, type AnsiStyle, TRUE_COLOUR } from "./ansi";

/** Inline colours of a run of text; absent = what the log's own colours say. */
export interface Paint {
  readonly color?: string;
  readonly backgroundColor?: string;
}

/**
 * The colours of a style, moved far enough from their background to be read (WCAG AA, 4.5 : 1) in the light and the
 * dark theme. `light-dark()` lets the browser choose, so a change of theme needs no new render.
 */
export function paintOf(style: AnsiStyle): Paint | null {
  const { fg, bg } = style;
  if (style.inverse) return inversePaint(fg, bg);
  if (bg !== null) return onBackground(fg === null ? null : rgbOf(fg), rgbOf(bg));
  if (fg === null) return null;
  return { color: readable(style.dim ? mix(rgbOf(fg), GREY, 0.4) : rgbOf(fg)) };
}

/** 0xRRGGBB of a palette index or a true colour. */
export function rgbOf(colour: NonNullable<AnsiColour>): number {
  if (colour >= TRUE_COLOUR) return colour - TRUE_COLOUR;
  if (colour < 16) return BASE[colour] ?? GREY;
  if (colour >= 232) {
    const level = 8 + (colour - 232) * 10;
    return pack(level, level, level);
  }
  const index = colour - 16;
  return pack(cubeLevel(Math.floor(index / 36)), cubeLevel(Math.floor(index / 6) % 6), cubeLevel(index % 6));
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(a: number, b: number): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** `colour` moved toward black or white, whichever `background` leaves room for, until it can be read on it. */
export function clampTo(colour: number, background: number): number {
  const goal = contrast(0xffffff, background) >= contrast(0, background) ? 0xffffff : 0;
  for (let share = 0; share <= 1; share += 0.05) {
    const moved = mix(colour, goal, share);
    if (contrast(moved, background) >= MIN_CONTRAST) return moved;
  }
  return goal;
}

const MIN_CONTRAST = 4.6;

/** The log's background in each theme, taken a little nearer to mid-grey than the tokens so that tinted rows pass too. */
const LIGHT_BACKGROUND = 0xf1f1f3;
const DARK_BACKGROUND = 0x22242a;

const GREY = 0x808080;

const BASE = [
  0x1e1e1e, 0xcd3131, 0x0dbc79, 0xb58900, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xc5c5c5, 0x666666, 0xf14c4c,
  0x23d18b, 0xd7ba3d, 0x3b8eea, 0xd670d6, 0x29b8db, 0xe5e5e5,
];

/** Programs that print a gradient would otherwise fill the cache for as long as the page is open. */
const MAX_CACHED = 4096;
const cache = new Map<number, string>();

function readable(colour: number): string {
  const known = cache.get(colour);
  if (known !== undefined) return known;
  const value = `light-dark(${hex(clampTo(colour, LIGHT_BACKGROUND))}, ${hex(clampTo(colour, DARK_BACKGROUND))})`;
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(colour, value);
  return value;
}

function inversePaint(fg: AnsiColour, bg: AnsiColour): Paint {
  if (fg !== null) return onBackground(bg === null ? null : rgbOf(bg), rgbOf(fg));
  if (bg === null) return { color: "var(--surface, Canvas)", backgroundColor: "var(--fg, CanvasText)" };
  const asText = rgbOf(bg);
  const color = `light-dark(${hex(clampTo(asText, DARK_BACKGROUND))}, ${hex(clampTo(asText, LIGHT_BACKGROUND))})`;
  return { color, backgroundColor: `light-dark(${hex(DARK_BACKGROUND)}, ${hex(LIGHT_BACKGROUND)})` };
}

function onBackground(text: number | null, background: number): Paint {
  return { color: hex(clampTo(text ?? background, background)), backgroundColor: hex(background) };
}

function mix(from: number, to: number, share: number): number {
  const channel = (shift: number) => {
    const a = (from >> shift) & 255;
    const b = (to >> shift) & 255;
    return Math.round(a + (b - a) * share);
  };
  return pack(channel(16), channel(8), channel(0));
}

function luminance(colour: number): number {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return (
    0.2126 * linear((colour >> 16) & 255) +
    0.7152 * linear((colour >> 8) & 255) +
    0.0722 * linear(colour & 255)
  );
}

function cubeLevel(step: number): number {
  return step === 0 ? 0 : 55 + step * 40;
}

function pack(red: number, green: number, blue: number): number {
  return (red << 16) + (green << 8) + blue;
}

function hex(colour: number): string {
  return `#${colour.toString(16).padStart(6, "0")}`;
}
