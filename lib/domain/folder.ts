import type { HostInstance } from "./run";

/** One entry of a file system by more than its path. Numbers are text: inodes may need 64 bits. */
export type EntryIdentity = {
  readonly inode: string;
  /** Nanoseconds of its birth; null where the file system does not say. */
  readonly bornNs: string | null;
};

/** What a data folder shows of itself, taken down in its database so that it can be compared later. */
export type FolderFacts = {
  readonly path: string;
  /** The device's number. It may change with every boot or mount. */
  readonly device: string;
  readonly folder: EntryIdentity;
  /** The file `_identity` in it; null: there is none. */
  readonly mark: (EntryIdentity & { readonly links: number }) | null;
  /** Whether the file system keeps inode numbers: FAT, FUSE and network file systems make them up as they go. */
  readonly keepsInodes: boolean;
  readonly hostInstance: HostInstance;
  readonly hostname: string;
};

export const FOLDER_STATES = ["live", "unconfirmed"] as const;

/** Why it is not certain that this folder is the one its database speaks of. */
export const FOLDER_DOUBTS = ["copied", "restored", "other_device"] as const;
export type FolderDoubt = (typeof FOLDER_DOUBTS)[number];

/** A folder that is not known to be the live one: from when on, why, and what it was made from. */
export type Unconfirmed = {
  readonly doubt: FolderDoubt;
  readonly since: number;
  /** Where the folder that the database speaks of was seen last; null: nothing is known of it. */
  readonly origin: {
    readonly path: string;
    readonly hostname: string | null;
    readonly seenAt: number | null;
  } | null;
};

export type FolderEvidence = {
  /** As it was taken down last; null: never, as in a new database or one of an earlier version. */
  readonly recorded: FolderFacts | null;
  readonly found: FolderFacts;
  /** Neither job nor run: there is nothing that could start or be mistaken. */
  readonly databaseIsEmpty: boolean;
  /** `_identity` names a worker the database does not know. */
  readonly markOfAnotherDatabase: boolean;
  /** The folder has seen a later moment than its database. */
  readonly databaseIsOlder: boolean;
  /** A live process that the database takes for a run's was started out of another folder that is still there. */
  readonly livesElsewhere: boolean;
};

/**
 * Whether a data folder is the one its database speaks of. Moved, remounted or rebooted it is; copied or restored it is not, until
 * a person says so. What cannot be told counts as doubt.
 * @returns null: it is
 */
export function judgeFolder(evidence: FolderEvidence): FolderDoubt | null {
  const { recorded, found, databaseIsEmpty, markOfAnotherDatabase, databaseIsOlder } = evidence;
  if (databaseIsEmpty) return null;
  if (markOfAnotherDatabase) return "restored";
  if (recorded === null) return evidence.livesElsewhere ? "copied" : null;
  return compare(recorded, found) ?? (databaseIsOlder ? "restored" : null);
}

function compare(recorded: FolderFacts, found: FolderFacts): FolderDoubt | null {
  // Where inode numbers are made up, only the path is left to go by.
  if (!recorded.keepsInodes || !found.keepsInodes) return recorded.path === found.path ? null : "copied";
  const sameDevice = recorded.device === found.device;
  const sameMark = found.mark !== null && recorded.mark !== null && isSame(recorded.mark, found.mark);
  // All its content was moved to a new folder of the same disk. A hard link would be a second name and not a move, and without its
  // birth a number proves nothing: ext4 gives the numbers of a deleted folder to the next one, file by file.
  const contentMoved =
    sameDevice && sameMark && found.mark?.links === 1 && known(found.mark) && known(recorded.mark);
  if (!isSame(recorded.folder, found.folder)) return contentMoved ? null : "copied";
  // Lost, it is written again. Replaced, it came back with other old files.
  if (found.mark !== null && !sameMark) return "restored";
  // A device gets another number at boot, in a container or by a mount. On a running host it may be a snapshot beside its original.
  const newMount = recorded.hostInstance !== found.hostInstance;
  return sameDevice || newMount ? null : "other_device";
}

function known(entry: EntryIdentity | null): boolean {
  return entry?.bornNs != null;
}

/** A number may be given away again after its entry is gone, a birth may not. */
function isSame(one: EntryIdentity, other: EntryIdentity): boolean {
  const bornApart = one.bornNs !== null && other.bornNs !== null && one.bornNs !== other.bornNs;
  return one.inode === other.inode && !bornApart;
}
