import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { AppError } from "@/lib/domain/errors";

/** 32 MiB and three passes (OWASP's second choice for scrypt). What is kept says with what it was made. */
const NOW = { N: 2 ** 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;
/** Each takes a thread of four that files are read with too, and 32 MiB. */
const AT_ONCE = 2;
const MOST_WAITING = 40;

export type Passwords = {
  /** @throws AppError SIGN_IN_BUSY */
  hash(password: string): Promise<string>;
  /**
   * Takes the same time whether there is a hash or not.
   * @param stored null: there is no such user, or it has no password
   * @returns `outdated`: right, and to be hashed again with what is usual now
   * @throws AppError SIGN_IN_BUSY
   */
  check(
    password: string,
    stored: string | null,
  ): Promise<{ readonly ok: boolean; readonly outdated: boolean }>;
  /** How many hashes were made, for tests: time tells nothing there. */
  made(): number;
};

type Work = (password: string, salt: Buffer, options: ScryptOptions) => Promise<Buffer>;

/** @param cost for tests */
export function passwords(cost: { N: number; r: number; p: number } = NOW, work: Work = derive): Passwords {
  let made = 0;
  const { inTurn } = line();
  const key = (password: string, salt: Buffer, how: typeof cost) =>
    inTurn(() => {
      made += 1;
      // NFKC: the same password typed on two systems is the same bytes (RFC 8265).
      return work(password.normalize("NFKC"), salt, { ...how, maxmem: 256 * how.N * how.r });
    });
  const hash = async (password: string) => {
    const salt = randomBytes(16);
    return written(cost, salt, await key(password, salt, cost));
  };
  return {
    hash,
    check: async (password, stored) => {
      const found = stored === null ? null : parse(stored);
      if (found === null) {
        await key(password, randomBytes(16), cost);
        return { ok: false, outdated: false };
      }
      const same = timingSafeEqual(await key(password, found.salt, found.how), found.key);
      const { N, r, p } = found.how;
      return { ok: same, outdated: same && (N !== cost.N || r !== cost.r || p !== cost.p) };
    },
    made: () => made,
  };
}

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
}

type Cost = typeof NOW | { N: number; r: number; p: number };

function written({ N, r, p }: Cost, salt: Buffer, key: Buffer): string {
  return `scrypt:${N}:${r}:${p}:${salt.toString("base64url")}:${key.toString("base64url")}`;
}

function parse(
  stored: string,
): { readonly how: { N: number; r: number; p: number }; readonly salt: Buffer; readonly key: Buffer } | null {
  const [, N, r, p, salt = "", key = ""] =
    /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3}):([\w-]{8,}):([\w-]{43})$/.exec(stored) ?? [];
  if (N === undefined) return null;
  const bytes = Buffer.from(key, "base64url");
  if (bytes.length !== KEY_BYTES) return null;
  return {
    how: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    key: bytes,
  };
}

/** So many at a time, the others in the order they came. @throws AppError SIGN_IN_BUSY when too many wait */
function line() {
  let going = 0;
  const waiting: (() => void)[] = [];
  return {
    inTurn: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      if (going >= AT_ONCE) {
        if (waiting.length >= MOST_WAITING) throw busy();
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else going += 1;
      try {
        return await work();
      } finally {
        // Who waits takes the place over, so that no other comes in between.
        const next = waiting.shift();
        if (next === undefined) going -= 1;
        else next();
      }
    },
  };
}

function busy(): AppError {
  return new AppError(
    "SIGN_IN_BUSY",
    "Too many people are signing in at this moment. Nothing was changed. Try again in a few seconds.",
  );
}
