/** Linux takes 128 KiB in one argument and about 2 MiB in all; well below that nothing can fail half-way through a launch. */
export const MAX_ARGV_BYTES = 96 * 1024;

/** With the byte that ends each. */
export function argvBytes(argv: readonly string[]): number {
  const encoder = new TextEncoder();
  return argv.reduce((sum, part) => sum + encoder.encode(part).length + 1, 0);
}
