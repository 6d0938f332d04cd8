/** Paths by which a program opens the file behind its own output again, and with `>` or `tee` empties it. */
const OWN_OUTPUT =
  /\/dev\/(?:stderr|stdout|fd\/[12])\b|\/proc\/(?:self|thread-self|\$\$|\$\{?PID\}?|\d{1,10})\/fd\/[12]\b/;

/** The first such path in a command or script; null: it names none. */
export function namesOwnOutput(text: string): string | null {
  return OWN_OUTPUT.exec(text)?.[0] ?? null;
}
