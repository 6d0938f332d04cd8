import { notAnswering } from "@/lib/domain/files";
import type { Answer } from "./child-process";
import { type Hanging, hangingList, toBlame } from "./hanging";
import { type MountWatch, watchMounts } from "./mounts";
import {
  afterAnswers,
  ended,
  IDLE_MS,
  isSlow,
  isWritingTo,
  later,
  MOST_PATIENCE,
  type PoolOptions,
  type Request,
  settle,
  soon,
  startWorker,
  type Waiting,
  type Worker,
} from "./worker";

const MOST_AT_WORK = 4;
/** With those that hang and those that were given up and cannot be killed. */
const MOST_IN_ALL = 12;

/**
 * Has processes do what may hang, so that this one never does. A mount that does not answer costs one of them, and everything else
 * about it fails without waiting until that one comes back.
 */
export class FilePool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #queue: Waiting[] = [];
  readonly #hanging;
  #closed = false;
  #soon: NodeJS.Timeout | null = null;
  readonly #mounts: MountWatch;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#hanging = hangingList(options.timeoutMs);
    this.#mounts = watchMounts();
  }

  /** @throws AppError PATH_NOT_ANSWERING; an Error with the system's `code` */
  ask(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...request, resolve, reject, since: performance.now() });
      this.#dispatch();
    });
  }

  hanging(): readonly Hanging[] {
    return this.#hanging.all();
  }

  /** The processes there are, those that hang too. */
  pids(): readonly number[] {
    return [...this.#workers].flatMap(({ child }) => child.pid ?? []);
  }

  /** The mount a path lies on by its name, as of a moment ago. */
  mountOf(path: string): string {
    return this.#mounts.now().of(path);
  }

  /** Waits for nothing; who still waits for an answer is refused. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#soon ?? undefined);
    for (const { child, timer, request } of this.#workers) {
      clearTimeout(timer);
      child.kill();
      if (request !== null) this.#queue.push(request);
    }
    this.#workers.clear();
    this.#refuseAll();
  }

  /** @param refusing those that have waited for too long behind one that is slow; only when all answers were read */
  #dispatch(refusing = false): void {
    for (const waiting of [...this.#queue]) {
      const refusal = this.#refusalOf(waiting, refusing);
      const worker = refusal === null ? this.#workerFor(waiting) : null;
      if (refusal === null && worker === null) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      if (worker === null) waiting.reject(refusal);
      else this.#send(worker, waiting);
    }
    if (this.#queue.length === 0 || this.#soon !== null || this.#closed) return;
    this.#soon = soon(() => {
      this.#soon = null;
      this.#dispatch(true);
    });
  }

  #refusalOf({ about, since, writes }: Waiting, refusing: boolean): Error | null {
    if (this.#closed) return notAnswering(about, this.#options.timeoutMs, null);
    const known = this.#hanging.refusal(about);
    if (known !== null) return known;
    // A disk may answer reads and hold up writes; each more of them would cost a process more.
    if (writes && [...this.#workers].some((one) => isWritingTo(one, about)))
      return notAnswering(about, this.#options.timeoutMs, null);
    const waited = performance.now() - since;
    const slow = refusing && waited > this.#options.timeoutMs ? this.#slowOn(about) : undefined;
    // Each of those before it was answered, if late. The caller has waited for long enough.
    return slow === undefined || slow.child.isWorking() === true
      ? null
      : notAnswering(about, this.#options.timeoutMs, null);
  }

  /** One that has been busy on the same mount for a while: what comes of that tells for the others, too. */
  #slowOn(path: string): Worker | undefined {
    const mount = this.mountOf(path);
    return this.#atWork().find((one) => isSlow(one) && one.child.at() === mount);
  }

  #atWork(): Worker[] {
    return [...this.#workers].filter(({ hangsAt }) => hangsAt === null);
  }

  /** null: it has to wait. */
  #workerFor({ about }: Waiting): Worker | null {
    if (this.#slowOn(about) !== undefined) return null;
    const atWork = this.#atWork();
    const free = atWork.find(({ ready, request }) => ready && request === null);
    if (free !== undefined) return free;
    // One that is being started serves the next in line, and so does one that is about to be free.
    if (atWork.length >= MOST_AT_WORK || atWork.some((one) => !isSlow(one))) return null;
    if (this.#workers.size < MOST_IN_ALL) this.#start();
    else if (atWork.length === 0) this.#refuseAll();
    return null;
  }

  #refuseAll(): void {
    const { timeoutMs, log } = this.#options;
    if (!this.#closed) log.warn({ hanging: this.#hanging.all() }, "files.too_many_hang");
    for (const { about, reject } of this.#queue.splice(0)) reject(notAnswering(about, timeoutMs, null));
  }

  /** @param probe it is to ask about this path, where everything hangs, until there is an answer */
  #start(probe: { readonly key: string; readonly about: string } | null = null): void {
    const worker = startWorker(this.#options, probe?.key ?? null, {
      onReady: () => {
        if (probe === null) return this.#rest(worker);
        this.#tell(worker, { op: "look", args: [probe.about, 0], about: probe.about }, []);
      },
      onAnswer: (answer) => this.#answered(worker, answer),
      onExit: (why) => this.#exited(worker, why),
    });
    this.#workers.add(worker);
  }

  /** It has nothing to do: a waiting question gets it, or it ends one day. */
  #rest(worker: Worker): void {
    clearTimeout(worker.timer);
    worker.timer = later(this.#options.idleMs ?? IDLE_MS, () => this.#end(worker));
    this.#dispatch();
  }

  #end(worker: Worker): void {
    this.#workers.delete(worker);
    clearTimeout(worker.timer);
    worker.child.kill();
  }

  #send(worker: Worker, request: Waiting): void {
    worker.request = request;
    worker.since = performance.now();
    clearTimeout(worker.timer);
    worker.timer = later(this.#options.timeoutMs, () => this.#late(worker, MOST_PATIENCE));
    this.#tell(worker, request, this.#hanging.all());
  }

  #tell(worker: Worker, { op, args }: Request, hanging: readonly Hanging[]): void {
    const known = this.#mounts.now();
    const news = worker.knows === known ? null : known.points;
    worker.knows = known;
    const hung = hanging.map(({ key }) => key).filter((key) => known.points.includes(key));
    worker.child.ask({ op, args, ms: this.#options.timeoutMs / 2, hung }, news);
  }

  #late(worker: Worker, patience: number): void {
    const { request } = worker;
    afterAnswers(() => {
      if (request === null || worker.request !== request || this.#closed) return;
      if (patience > 1 && worker.child.isWorking() === true)
        worker.timer = later(this.#options.timeoutMs, () => this.#late(worker, patience - 1));
      else if (this.#options.user !== null && worker.child.isStopped() === true) worker.child.kill();
      else this.#hangs(worker, request);
    });
  }

  #hangs(worker: Worker, request: Waiting): void {
    const { about, writes } = request;
    const { timeoutMs, log } = this.#options;
    const key = toBlame(worker.child.at(), about, this.#options.ownFolder, this.#mounts);
    worker.request = null;
    worker.hangsAt = key;
    this.#hanging.add({ key, since: worker.since });
    log.warn({ path: about, hangsAt: key, pid: worker.child.pid }, "files.not_answering");
    if (writes) {
      worker.writesAt = key;
      worker.child.kill();
      this.#start({ key, about });
    }
    request.reject(notAnswering(about, timeoutMs, key));
    this.#dispatch();
  }

  #answered(worker: Worker, answer: Answer): void {
    const { request, hangsAt } = worker;
    if (hangsAt !== null) {
      this.#end(worker);
      this.#answersAgain(hangsAt);
      return;
    }
    worker.request = null;
    if (request !== null) settle(request, answer, this.#options.timeoutMs);
    this.#rest(worker);
  }

  #answersAgain(key: string): void {
    const was = this.#hanging.remove(key);
    if (was === null) return;
    const forMs = Math.round(performance.now() - was.since);
    this.#options.log.warn({ hungAt: key, forMs }, "files.answering_again");
    this.#dispatch();
  }

  #exited(worker: Worker, why: Error | null): void {
    clearTimeout(worker.timer);
    if (!this.#workers.delete(worker)) return;
    const { request, hangsAt } = worker;
    // What was killed for a write leaves the question to another.
    if (hangsAt !== null && ![...this.#workers].some((one) => one.hangsAt === hangsAt))
      this.#answersAgain(hangsAt);
    const problem = (asked: Request) => why ?? ended(this.#options, asked);
    if (request !== null) this.#lost(request, problem(request));
    // Where none can be started, those who wait would wait in vain.
    if (!worker.ready && hangsAt === null) for (const one of this.#queue.splice(0)) one.reject(problem(one));
    this.#dispatch();
  }

  /** A read can be asked once more: its process may have been killed, by the kernel for want of memory say. A write may have been done. */
  #lost(request: Waiting, problem: Error): void {
    if (request.writes || request.isAskedAgain) request.reject(problem);
    else this.#queue.unshift({ ...request, isAskedAgain: true });
  }
}
