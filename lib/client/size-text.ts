/** Decimal, as disks and this dashboard count; the binary ones are read too, under their own names. */
const UNITS = [
  { size: 1_000_000_000_000_000, name: "PB" },
  { size: 1_000_000_000_000, name: "TB" },
  { size: 1_000_000_000, name: "GB" },
  { size: 1_000_000, name: "MB" },
  { size: 1_000, name: "kB" },
  { size: 1, name: "B" },
] as const;

const BINARY = { ki: 1_024, mi: 1_024 ** 2, gi: 1_024 ** 3, ti: 1_024 ** 4, pi: 1_024 ** 5 } as const;

const BINARY_DOWN = [
  { size: BINARY.gi, name: "GiB" },
  { size: BINARY.mi, name: "MiB" },
  { size: BINARY.ki, name: "KiB" },
] as const;

const SIZE = /^(\d{1,16})(?:[.,](\d{1,15}))?\s*([kmgtp]?i?)(b|bytes?)?$/i;

/** Reads `512 MB`, `1.5 GiB`, `200m`, `1048576 B`. @returns bytes, null when it is no size */
export function parseSizeText(text: string): number | null {
  const [, whole = "", fraction = "", prefix = "", ending] = SIZE.exec(text.trim()) ?? [];
  if (whole === "" || (prefix === "" && ending === undefined)) return null;
  const unit = sizeOf(prefix.toLowerCase());
  if (unit === null) return null;
  // In whole numbers: 0.1 has no exact binary form, and a size must be read back as it was written.
  const scaled = BigInt(`${whole}${fraction}`) * BigInt(unit);
  const divisor = 10n ** BigInt(fraction.length);
  const bytes = Number((scaled * 2n + divisor) / (divisor * 2n));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

function sizeOf(prefix: string): number | null {
  if (prefix in BINARY) return BINARY[prefix as keyof typeof BINARY];
  return UNITS.find(({ name }) => name.toLowerCase() === `${prefix}b`)?.size ?? null;
}

/** The text in the largest decimal unit that `parseSizeText` reads back as exactly `bytes`. */
export function formatSizeText(bytes: number): string {
  const unit = UNITS.find(({ size }) => bytes >= size) ?? { size: 1, name: "B" };
  const digits = String(unit.size).length - 1;
  const whole = Math.floor(bytes / unit.size);
  const rest = String(bytes % unit.size).padStart(digits, "0");
  const fraction = digits === 0 ? "" : rest.replace(/0+$/, "");
  // Many digits are exact but unreadable: in binary units, or in the smallest, they say the same more plainly.
  if (fraction.length > 3) return binaryText(bytes) ?? `${bytes} B`;
  return `${whole}${fraction === "" ? "" : `.${fraction}`} ${unit.name}`;
}

function binaryText(bytes: number): string | null {
  const unit = BINARY_DOWN.find(({ size }) => bytes % size === 0);
  return unit === undefined ? null : `${bytes / unit.size} ${unit.name}`;
}
