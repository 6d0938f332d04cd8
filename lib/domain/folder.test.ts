import { describe, expect, it } from "vitest";
import { aRun } from "@/test/factories";
import { type FolderEvidence, type FolderFacts, judgeFolder } from "./folder";
import { refuseUnconfirmed, whyHeldBack, whyUnconfirmed } from "./folder-words";

const RECORDED: FolderFacts = {
  path: "/srv/unstuck/data",
  device: "2049",
  folder: { inode: "1001", bornNs: "11" },
  mark: { inode: "1002", bornNs: "12", links: 1 },
  keepsInodes: true,
  hostInstance: "boot-1/5/1",
  hostname: "box",
};
const COPY = { folder: { inode: "2001", bornNs: "21" }, mark: { inode: "2002", bornNs: "22", links: 1 } };

type Changes = Partial<Omit<FolderEvidence, "recorded" | "found">>;
function judge(found: Partial<FolderFacts>, recorded: Partial<FolderFacts> = {}, changes: Changes = {}) {
  return judgeFolder({
    recorded: { ...RECORDED, ...recorded },
    found: { ...RECORDED, ...found },
    databaseIsEmpty: false,
    markOfAnotherDatabase: false,
    databaseIsOlder: false,
    livesElsewhere: false,
    ...changes,
  });
}

describe("CR-6.11 a data folder is known as the live one", () => {
  it.each<[string, Partial<FolderFacts>, Partial<FolderFacts>?]>([
    ["when nothing has changed", {}],
    ["when it was renamed, or is reached by a link or a bind mount", { path: "/data" }],
    ["after a reboot that gave its device another number", { hostInstance: "boot-2/5/1", device: "64770" }],
    ["in a new container on the same volume", { hostInstance: "boot-1/9/77", device: "51" }],
    [
      "after a reboot under another name",
      { hostInstance: "boot-2/5/1", path: "/mnt/data", hostname: "other" },
    ],
    ["when its mark was lost", { mark: null }],
    ["when its file system tells no births", { folder: { inode: "1001", bornNs: null } }],
    [
      "when all of its content was moved to a new folder of the disk",
      { path: "/srv/new", folder: COPY.folder },
    ],
    [
      "at the same path of a file system that makes inode numbers up",
      { ...COPY, keepsInodes: false },
      { keepsInodes: false },
    ],
  ])("%s", (_when, found, recorded) => {
    expect(judge(found, recorded)).toBeNull();
  });

  it("in its first start, and where an earlier version took nothing down", () => {
    expect(judgeFolder({ ...evidence(), recorded: null })).toBeNull();
    expect(judgeFolder({ ...evidence(), recorded: null, databaseIsEmpty: true })).toBeNull();
  });

  it("when its database is new and empty, whatever the folder was before", () => {
    const emptied = { ...evidence(), found: { ...RECORDED, ...COPY }, databaseIsEmpty: true };
    expect(judgeFolder({ ...emptied, markOfAnotherDatabase: true })).toBeNull();
  });
});

describe("CR-6.11 a data folder is in doubt", () => {
  it.each<[string, string, Partial<FolderFacts>, Partial<FolderFacts>?]>([
    ["copied", "after cp -a beside the original", { ...COPY, path: "/srv/copy" }],
    ["copied", "when the copy took the original's place", COPY],
    ["copied", "on another disk or host", { ...COPY, device: "9", hostInstance: "boot-7/1/1" }],
    [
      "copied",
      "when the inode number of the folder was given away again",
      { folder: { inode: "1001", bornNs: "99" }, mark: COPY.mark },
    ],
    [
      "copied",
      "when its files are hard links to the original's",
      { folder: COPY.folder, mark: { inode: "1002", bornNs: "12", links: 2 } },
    ],
    [
      "copied",
      "when the numbers of folder and mark were given away again, and the mark tells no birth",
      { folder: { inode: "1001", bornNs: "99" }, mark: { inode: "1002", bornNs: null, links: 1 } },
    ],
    ["copied", "without its mark", { ...COPY, mark: null }],
    [
      "copied",
      "at another path of a file system that makes inode numbers up",
      { keepsInodes: false, path: "/srv/copy" },
      { keepsInodes: false },
    ],
    ["restored", "when old files were put into the folder", { mark: COPY.mark }],
    ["other_device", "when a snapshot is mounted beside it on the running host", { device: "77" }],
  ])("%s: %s", (doubt, _when, found, recorded) => {
    expect(judge(found, recorded)).toBe(doubt);
  });

  it.each<[string, Changes]>([
    ["when its database is older than what the folder has seen", { databaseIsOlder: true }],
    ["when its mark belongs to another database", { markOfAnotherDatabase: true }],
  ])("restored: %s", (_when, changes) => {
    expect(judge({}, {}, changes)).toBe("restored");
  });

  it("copied: when an earlier version took nothing down, but a live run is from another folder", () => {
    expect(judgeFolder({ ...evidence(), recorded: null, livesElsewhere: true })).toBe("copied");
  });
});

function evidence(): FolderEvidence {
  const none = { databaseIsEmpty: false, markOfAnotherDatabase: false, databaseIsOlder: false };
  return { recorded: RECORDED, found: RECORDED, ...none, livesElsewhere: false };
}

describe("the words for it", () => {
  const origin = { path: "/srv/data", hostname: "box", seenAt: 0 };
  const doubt = { doubt: "copied", since: 5, origin } as const;

  it("say where it is from, and what to do", () => {
    expect(whyUnconfirmed(doubt, "/srv/copy")).toBe(
      "It is a copy of /srv/data on box, last used 1970-01-01T00:00:00.000Z.",
    );
    expect(whyUnconfirmed(doubt, "/srv/data")).toBe(
      "It is a copy in the original's place on box, last used 1970-01-01T00:00:00.000Z.",
    );
    expect(whyUnconfirmed({ ...doubt, doubt: "restored", origin: null }, "/srv/data")).toBe(
      "It was restored from a backup, whole or in part.",
    );
    expect(refuseUnconfirmed("/srv/copy", doubt)).toMatchObject({
      code: "FOLDER_UNCONFIRMED",
      message: expect.stringContaining("unstuck folder --confirm"),
    });
  });

  it.each([
    [{ process: true, home: "elsewhere" }, /alive, and belongs to the original folder at \/srv\/data/],
    [{ process: true, home: "here" }, /alive; the run waits/],
    [{ process: false, home: "unknown" }, /not found here/],
    [{ process: null, home: "unknown" }, /not looked at/],
  ] as const)("say of an active run what is true of its process: %j", (whereabouts, words) => {
    expect(whyHeldBack(aRun("running"), doubt, whereabouts)).toMatchObject({
      fact: "process 4001",
      value: expect.stringMatching(words),
    });
  });

  it("say of a queued run what it waits for", () => {
    const fact = whyHeldBack(aRun("queued"), doubt, { process: null, home: "unknown" });
    expect(fact).toMatchObject({ fact: "waits for", value: expect.stringContaining("to be confirmed") });
  });
});
