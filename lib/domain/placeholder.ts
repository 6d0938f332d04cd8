/**
 * What a job runs that an import made: its command is not known yet. It is a program that is there and says so, since a job is
 * checked like any other; the job cannot be switched on or started until it has a command of its own.
 */
export const PLACEHOLDER_ARGV: readonly string[] = [
  "/bin/sh",
  "-c",
  "echo 'This job was made by an import and has no command yet. Give it one in its settings.' >&2; exit 78",
];

export function isPlaceholder(argv: readonly string[]): boolean {
  return argv.length === PLACEHOLDER_ARGV.length && argv.every((part, at) => part === PLACEHOLDER_ARGV[at]);
}

export function noCommandYet(job: string): string {
  return `Job "${job}" was made by an import and has no command yet. Give it one first: its page → Edit, or argv by the API.`;
}
