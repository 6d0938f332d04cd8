/** How a pattern is looked for: lib/files/child/glob.mjs. */
export function isGlob(checkpoint: string): boolean {
  return /[*?]/.test(checkpoint);
}
