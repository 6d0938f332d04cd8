import { encode } from "uqr";

/**
 * A QR code as one SVG path: its dark modules, one unit each, without the quiet zone.
 * @param text at most some 2,000 characters
 */
export function qrCode(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 0 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size, path };
}
