/** Characters; no path of a Linux host is longer. */
export const MAX_PATH = 4_096;

export const noNul = (text: string) => !text.includes("\0");
export const NO_NUL = "expected text without NUL characters, which no program can be given";
