import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { AppError } from "@/lib/domain/errors";
import type { Sealing } from "@/lib/domain/sealing";

export type Keyring = Sealing & {
  /** From now on these keys. */
  use(keys: readonly Buffer[]): void;
};

/**
 * AES-256-GCM under keys that are not in the database.
 * @param first of 32 bytes; what is sealed now is sealed with the first of them, and each still opens what it has sealed
 */
export function sealWith(first: readonly Buffer[]): Keyring {
  let { current, byName } = ring(first);
  return {
    use: (keys) => {
      ({ current, byName } = ring(keys));
    },
    isCurrent: (sealed) => sealed.startsWith(`v1.${nameOf(current)}.`),
    seal: (text, about) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", current, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [
        "v1",
        nameOf(current),
        encoded(nonce),
        encoded(Buffer.concat([body, cipher.getAuthTag()])),
      ].join(".");
    },
    unseal: (sealed, about) => {
      const [version, name = "", nonce = "", rest = ""] = sealed.split(".");
      const key = byName.get(name);
      const bytes = Buffer.from(rest, "base64url");
      if (version !== "v1" || key === undefined || bytes.length < 16) throw unreadable();
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"))
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(-16));
        return decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw unreadable();
      }
    },
  };
}

function ring(keys: readonly Buffer[]) {
  const [current] = keys;
  if (current === undefined) throw new Error("Expected a key.");
  return { current, byName: new Map(keys.map((key) => [nameOf(key), key])) };
}

function nameOf(key: Buffer): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}

function encoded(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function unreadable(): AppError {
  return new AppError(
    "SECRET_UNREADABLE",
    "A secret in the database was sealed with another key than the one that is here. Put the key file back (_secret-key in the data folder, or UNSTUCK_SECRET_KEY_FILE), or set the secret again.",
  );
}
