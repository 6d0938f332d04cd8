import type {
  Account,
  Behind,
  Files,
  FilesOf,
  Listing,
  Look,
  Matches,
  Names,
  Walk,
} from "@/lib/domain/files";
import { isNotAnswering, notAnswering } from "@/lib/domain/files";
import { FilePool } from "./pool";
import type { PoolOptions } from "./worker";

/** Of one question to the process that reads: the rest waits for the next. */
const MOST_IN_ONE = 500;

export type FileOptions = Omit<PoolOptions, "user"> & {
  /** Whom this process runs as; null: its number has no name. */
  readonly me: string | null;
};

export type FileAccess = {
  readonly files: FilesOf;
  /** Of the dashboard's own rights. */
  readonly pool: FilePool;
  /** Waits for nothing; who still waits for an answer is refused. */
  close(): void;
};

/**
 * Everything that touches paths other people own, by processes that may hang instead of this one. Each user has processes of their own: one that holds
 * them up holds up no other.
 */
export function openFiles({ me, ...options }: FileOptions): FileAccess {
  const pool = new FilePool({ ...options, user: null });
  const own = filesOf(pool, options.timeoutMs);
  const others = new Map<string, { readonly pool: FilePool; readonly files: Files }>();
  const other = (user: string) => {
    const known = others.get(user);
    if (known !== undefined) return known;
    const its = new FilePool({ ...options, user });
    const made = { pool: its, files: filesOf(its, options.timeoutMs) };
    others.set(user, made);
    return made;
  };
  const files: FilesOf = {
    own,
    as: (user) => (user === null || user === me ? own : other(user).files),
    isOwn: (user) => user === me,
    account: (user) =>
      (user === me ? pool : other(user).pool).ask({
        op: "account",
        about: "/",
        args: [],
      }) as Promise<Account>,
  };
  return {
    files,
    pool,
    close: () => {
      for (const { pool: its } of others.values()) its.close();
      pool.close();
    },
  };
}

function filesOf(pool: FilePool, timeoutMs: number): Files {
  const ask = <Value>(op: string, about: string, args: readonly unknown[], writes = false) =>
    pool.ask({ op, about, args, writes }) as Promise<Value>;
  return {
    look: (path, readBytes = 0) => ask<Look | null>("look", path, [path, readBytes]),
    looks: async (paths, readBytes = 0) =>
      paths.length === 0 ? [] : ask<(Look | null)[]>("looks", paths[0] ?? "", [paths, readBytes]),
    survey: (paths) => survey(pool, timeoutMs, paths),
    names: (path, max) => ask<Names>("names", path, [path, max]),
    list: (path, max, readBytes = 0) => ask<Listing>("list", path, [path, max, readBytes]),
    walk: (path, bounds) => ask<Walk>("walk", path, [path, bounds]),
    glob: (pattern, max) => ask<Matches>("glob", pattern, [pattern, max]),
    behind: (paths) => ask<Behind[]>("behind", paths[0] ?? "", [paths]),
    real: (path) => ask<string | null>("realPath", path, [path]),
    guarded: (path) => ask<string | null>("guarded", path, [path]),
    setAside: (folder, name, max) => ask<boolean>("setAside", folder, [folder, name, max], true),
    putBack: (folder, max) => ask<boolean>("putBack", folder, [folder, max], true),
    hasPart: (folder) => ask<boolean>("hasPart", folder, [folder]),
    rename: (pairs) => ask("rename", pairs[0]?.[0] ?? "/", [pairs], true),
    replace: (path, beside, text, mode) => ask("replace", path, [path, beside, text, mode], true),
    unlinkIf: (path, text, size) => ask<boolean>("unlinkIf", path, [path, text, size], true),
    makeFolder: (path) => ask("makeFolder", path, [path], true),
    clear: (path, max) => ask<boolean>("clear", path, [path, max], true),
    remove: (path, max) => ask<boolean>("remove", path, [path, max], true),
  };
}

/** As lib/files/child/reads.mjs answers for each path. */
type Surveyed =
  | Look
  | null
  | { readonly hangsAt: string }
  | { readonly code: string; readonly message: string };

/** In one question for each mount. Where that is not answered each path is asked by itself: only what hangs is to miss its answer. */
async function survey(
  pool: FilePool,
  timeoutMs: number,
  paths: readonly string[],
): Promise<(Look | null | Error)[]> {
  const found = new Map<string, Look | null | Error>();
  const toResult = (path: string, one: Surveyed) => {
    if (one === null || "kind" in one) return one;
    if ("hangsAt" in one) return notAnswering(path, timeoutMs, one.hangsAt);
    return Object.assign(new Error(one.message), { code: one.code });
  };
  const ask = async (some: readonly string[]): Promise<void> => {
    try {
      const answers = (await pool.ask({ op: "survey", about: some[0] ?? "", args: [some] })) as Surveyed[];
      for (const [index, path] of some.entries()) found.set(path, toResult(path, answers[index] ?? null));
    } catch (error) {
      if (some.length > 1 && isNotAnswering(error)) await Promise.all(some.map((path) => ask([path])));
      else
        for (const path of some) found.set(path, error instanceof Error ? error : new Error(String(error)));
    }
  };
  await Promise.all(chunksByMount(pool, new Set(paths)).map(ask));
  return paths.map((path) => found.get(path) ?? null);
}

function chunksByMount(pool: FilePool, paths: Iterable<string>): string[][] {
  const byMount = new Map<string, string[]>();
  for (const path of paths) {
    const mount = pool.mountOf(path);
    byMount.set(mount, [...(byMount.get(mount) ?? []), path]);
  }
  return [...byMount.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / MOST_IN_ONE) }, (_, at) =>
      all.slice(at * MOST_IN_ONE, (at + 1) * MOST_IN_ONE),
    ),
  );
}
