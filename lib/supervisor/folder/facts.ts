import { type BigIntStats, lstatSync, realpathSync, statfsSync, statSync, utimesSync } from "node:fs";
import type { EntryIdentity, FolderFacts } from "@/lib/domain/folder";

/** File systems that make inode numbers up, by the magic numbers of linux/magic.h: FAT, exFAT, FUSE, 9P, SMB, CIFS, SMB2. */
const MADE_UP_INODES: readonly bigint[] = [
  0x4d44n,
  0x2011bab0n,
  0x65735546n,
  0x01021997n,
  0x517bn,
  0xff534d42n,
  0xfe534d42n,
];

/** What a data folder shows of itself at this moment. A link to it is followed; `mark` is its file `_identity`. */
export function readFolderFacts(
  folder: string,
  mark: string,
  host: Pick<FolderFacts, "hostInstance" | "hostname">,
): FolderFacts {
  const stat = statSync(folder, { bigint: true });
  const found = lstatSync(mark, { bigint: true, throwIfNoEntry: false });
  const type = BigInt.asUintN(32, statfsSync(folder, { bigint: true }).type);
  return {
    path: realpathSync(folder),
    device: String(stat.dev),
    folder: identityOf(stat),
    mark: found === undefined ? null : { ...identityOf(found), links: Number(found.nlink) },
    keepsInodes: !MADE_UP_INODES.includes(type),
    ...host,
  };
}

/** Where the kernel does not tell a birth, Node answers 1970 or the last change. */
function identityOf({ ino, birthtimeNs, ctimeNs }: BigIntStats): EntryIdentity {
  const told = birthtimeNs > 0n && birthtimeNs !== ctimeNs;
  return { inode: String(ino), bornNs: told ? String(birthtimeNs) : null };
}

/** Leaves the moment on the mark until which the folder has been in use; epoch milliseconds. */
export function markInUse(mark: string, at: number): void {
  utimesSync(mark, at / 1_000, at / 1_000);
}

/** @returns epoch milliseconds; null: there is no mark */
export function inUseUntil(mark: string): number | null {
  return statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
