/** Something the reader of the log can act on; everything else is a bug and may show its stack. */
export class Trouble extends Error {
  /** @override */
  name = "Trouble";
}
