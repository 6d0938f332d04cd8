import { createHmac, randomBytes } from "node:crypto";

/**
 * Codes of an authenticator app: RFC 6238 with what all apps understand, SHA-1, six digits, 30 s. Ours, since it is one HMAC; its
 * test has the vectors of the RFC.
 */

const STEP_MS = 30_000;
/** The code of the step before and after counts too: clocks differ, and people type slowly. */
const NEARBY = [0, -1, 1];
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** 160 random bits (RFC 4226, 4), in base32. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(20));
}

/**
 * The time step whose code this is.
 * @param secret in base32
 * @param now epoch milliseconds
 * @returns null: it is none that counts now
 */
export function stepOf(secret: string, code: string, now: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const current = Math.floor(now / STEP_MS);
  // All are made, so that the time tells nothing of which it was. A code is no secret worth more than that: it counts once.
  const matching = NEARBY.map((offset) => current + offset).filter((step) => codeOf(secret, step) === code);
  return matching[0] ?? null;
}

/** @param step so many times 30 s since 1970 */
export function codeOf(secret: string, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** What the QR code says, as apps read it. */
export function totpUri(
  secret: string,
  { name, issuer }: { readonly name: string; readonly issuer: string },
): string {
  const query = new URLSearchParams({ secret, issuer });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(name)}?${query.toString().replaceAll("+", "%20")}`;
}

function toBase32(bytes: Buffer): string {
  let [bits, count, text] = [0, 0, ""];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= 5; count -= 5) text += ALPHABET[(bits >>> (count - 5)) & 31];
    bits &= (1 << count) - 1;
  }
  return count === 0 ? text : text + ALPHABET[(bits << (5 - count)) & 31];
}

/** @throws Error when it is not base32 */
export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [bits, count] = [0, 0];
  for (const character of text.replace(/=+$/, "")) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) throw new Error("Expected base32.");
    bits = (bits << 5) | value;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >>> count) & 255);
    bits &= (1 << count) - 1;
  }
  return Buffer.from(bytes);
}
