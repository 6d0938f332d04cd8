/** Of a data folder, all absolute. `runAs`: what runs of other users than the dashboard's have to reach themselves, in a folder for each of them. */
export type Folders = {
  readonly data: string;
  readonly runs: string;
  readonly exits: string;
  readonly runAs: string;
};

type Root = Pick<Folders, "runAs">;

/** What belongs to a job of a user's own, and is that user's. */
export function userJobFolder({ runAs }: Root, user: string, jobId: string): string {
  return `${runAs}/${user}/${jobId}`;
}

/** What belongs to a run of such a job, and is that user's. No job is called so. */
export function userRunFolder({ runAs }: Root, user: string, runId: string): string {
  return `${runAs}/${user}/_runs/${runId}`;
}

/**
 * Where runs of one lineage keep what they go on from, when the job names no place (docs/decisions/0013-lineage-folders.md).
 * @param jobFolder in the data folder, or the user's the job runs as, who could not enter that
 */
export function lineageFolder(jobFolder: string, lineageId: string): string {
  return `${jobFolder}/lineages/${lineageId}`;
}
