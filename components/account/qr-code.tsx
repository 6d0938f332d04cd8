import type { SecondFactorBegun } from "@/lib/contracts/account";

/** What readers need around the code, in modules (ISO/IEC 18004, 9.1). */
const QUIET = 4;

/** Black on white in both themes: many readers do not find a light code on dark. */
export function QrCode({ qr: { size, path }, label }: { qr: SecondFactorBegun["qr"]; label: string }) {
  const side = size + 2 * QUIET;
  return (
    <svg
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-48 shrink-0 rounded-md border border-line"
    >
      <rect x={-QUIET} y={-QUIET} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
