/** The next `limit` after that key; null: from the beginning. */
export type After = { readonly after: string | null; readonly limit: number };

/** The next `limit` before that key, newest first; null: from the newest. */
export type Before = { readonly before: string | null; readonly limit: number };
