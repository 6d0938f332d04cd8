/** What runtimes say when the system gives them no more memory, or no stack for another thread. */
const OUT_OF_MEMORY =
  /can't start new thread|^(?:\w+\.)*\w*MemoryError\b|std::bad_alloc|[Cc]annot allocate memory|\bENOMEM\b|OutOfMemoryError|unable to create (?:new )?native thread|pthread_create failed|heap out of memory|memory allocation of \d+ bytes failed|failed to create new OS thread/;

/**
 * That a run's end smells of its memory limit, where the limit is RLIMIT_DATA: the kernel ends no one for it, so there is no proof.
 * @param lastWords what it said last; null: nothing
 * @param bytes the limit of each of its processes; null: there is no such limit
 * @returns a sentence; null: nothing points there
 */
export function smellsOfMemoryLimit(lastWords: string | null, bytes: number | null): string | null {
  if (lastWords === null || bytes === null || !OUT_OF_MEMORY.test(lastWords)) return null;
  const limit = `${Math.round(bytes / 1_000_000).toLocaleString("en")} MB`;
  return `The job's memory limit may be why: ${limit} for each process, in which RLIMIT_DATA counts the stacks of all threads, used or not.`;
}
