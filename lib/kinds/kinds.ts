import { join, resolve } from "node:path";
import { type Files, isNotAnswering, unansweredWords } from "@/lib/domain/files";
import type { JobKind, RunSpec } from "@/lib/domain/job";
import { isWithin } from "@/lib/domain/paths";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { isScrapyCall, ownJobdir, withJobdir } from "@/lib/domain/scrapy-call";
import { launchedSpec } from "@/lib/domain/state-place";
import { readCommandCheckpoint } from "./command/read-checkpoint";
import { readCrawleeEnd } from "./crawlee/read-end";
import { readCrawleeWait } from "./crawlee/read-wait";
import { crawleeProgress } from "./crawlee/statistics";
import { readStorage } from "./crawlee/storage";
import type { Kind, Place } from "./kind";
import { readJobdir } from "./scrapy/jobdir";
import { LOGSTATS_MARK, readLogstats } from "./scrapy/log";
import { readScrapyEnd } from "./scrapy/read-end";

const SAYS_NOTHING = { outcome: null, reason: null, report: null };

const command: Kind = {
  prepare: (spec) => spec,
  readCheckpoint: readCommandCheckpoint,
  readEnd: async () => SAYS_NOTHING,
  readProgress: async () => null,
  readWait: async () => null,
  progressLine: null,
};

const scrapy: Kind = {
  prepare: prepareScrapy,
  readCheckpoint: readJobdir,
  readEnd: async (files, { cwd, checkpoint }, tail) =>
    readScrapyEnd(
      tail,
      checkpoint === null ? { found: "none", path: null } : await jobdirAtEnd(files, cwd, checkpoint),
    ),
  readProgress: async () => null,
  readWait: async () => null,
  progressLine: { mark: LOGSTATS_MARK, read: readLogstats },
};

const crawlee: Kind = {
  prepare: prepareCrawlee,
  readCheckpoint: (files, cwd, checkpoint) => readStorage(files, cwd, checkpoint, Date.now()),
  readEnd: (files, spec, tail) => readCrawleeEnd(files, pathOf(spec), tail, Date.now()),
  readProgress: async (files, spec) => {
    const storage = pathOf(spec);
    return storage === null ? null : crawleeProgress(files, storage);
  },
  readWait: async (files, spec, startedAt, now) => {
    const storage = pathOf(spec);
    return storage === null ? null : readCrawleeWait(files, storage, startedAt, now);
  },
  progressLine: null,
};

const KINDS = { command, scrapy, crawlee } as const satisfies Record<JobKind, Kind>;

export function kindOf(kind: JobKind): Kind {
  return KINDS[kind];
}

async function jobdirAtEnd(files: Files, cwd: string, checkpoint: string): Promise<CheckpointFacts> {
  try {
    return await readJobdir(files, cwd, checkpoint);
  } catch (error) {
    if (!isNotAnswering(error)) throw error;
    return { found: "unanswered", path: resolve(cwd, checkpoint), problem: unansweredWords(error) };
  }
}

/** Its own command line is believed first, because that is what Scrapy will do; then the job; then the lineage has a folder. */
function prepareScrapy(spec: RunSpec, place: Place): RunSpec {
  const env = { PYTHONUNBUFFERED: "1", ...spec.env };
  const own = ownJobdir(spec.argv);
  if (own !== null) return { ...spec, env, checkpoint: own === "" ? null : own };
  const checkpoint = stateOf(spec, place, "jobdir");
  const argv = isScrapyCall(spec.argv) ? withJobdir(spec.argv, resolve(spec.cwd, checkpoint)) : spec.argv;
  return { ...spec, argv, env, checkpoint };
}

/** Variables the job sets itself stay as they are, and its storage is where those say. */
function prepareCrawlee(spec: RunSpec, place: Place): RunSpec {
  const own = spec.env.CRAWLEE_STORAGE_DIR ?? "";
  const checkpoint = own === "" ? stateOf(spec, place, "storage") : own;
  const env = {
    ...(place.parent === null ? {} : { CRAWLEE_PURGE_ON_START: "0" }),
    ...spec.env,
    CRAWLEE_STORAGE_DIR: resolve(spec.cwd, checkpoint),
  };
  return { ...spec, env, checkpoint };
}

/** A run that goes on does so with the very state of the run before it, whatever the job says by now. */
function stateOf(
  { kind, cwd, checkpoint }: RunSpec,
  { parent, lineageFolder }: Place,
  folder: string,
): string {
  if (parent?.kind !== kind || parent.checkpoint === null) return checkpoint ?? join(lineageFolder, folder);
  if (parent.cwd !== cwd) return resolve(parent.cwd, parent.checkpoint);
  // Earlier versions kept the whole path, which a link may lead elsewhere by now.
  const isJobs = checkpoint !== null && parent.checkpoint === resolve(cwd, checkpoint);
  return isJobs ? checkpoint : parent.checkpoint;
}

/**
 * The run as it is launched in the folder that its `cwd` really is. The paths below that folder that it is given are those there: a link
 * that is changed while it runs must not lead a crawler's next file into another folder.
 */
export function inRealFolder(spec: RunSpec, folder: string): RunSpec {
  const { cwd, checkpoint, argv, env } = spec;
  const launched = launchedSpec({ spec, realCwd: folder });
  if (folder === cwd || checkpoint === null || !isWithin(checkpoint)) return launched;
  const [named, real] = [resolve(cwd, checkpoint), resolve(folder, checkpoint)];
  const jobdir = `JOBDIR=${named}`;
  return {
    ...launched,
    argv: argv.map((word) => (word === jobdir ? `JOBDIR=${real}` : word)),
    env: env.CRAWLEE_STORAGE_DIR === named ? { ...env, CRAWLEE_STORAGE_DIR: real } : env,
  };
}

function pathOf({ cwd, checkpoint }: RunSpec): string | null {
  return checkpoint === null ? null : resolve(cwd, checkpoint);
}
