import { createHash, randomBytes } from "node:crypto";

/** 256 random bits, as a cookie or a header can carry them. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** How it is kept: what is that random needs no slow hash. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** So that a token found in a log or a repository can be told to be one of ours. */
export const TOKEN_PREFIX = "unstuck_";

export function newApiToken(): string {
  return TOKEN_PREFIX + newSecret();
}

const RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

/** Ten characters without those that look alike, in two groups: 49 bits, each used once and behind the delay of signing in. */
export function newRecoveryCode(): string {
  const pick = () => {
    for (;;) {
      const [byte = 255] = randomBytes(1);
      if (byte < 8 * RECOVERY_ALPHABET.length)
        return RECOVERY_ALPHABET[byte % RECOVERY_ALPHABET.length] ?? "";
    }
  };
  const characters = Array.from({ length: 10 }, pick).join("");
  return `${characters.slice(0, 5)}-${characters.slice(5)}`;
}
