"use client";

import { useCallback, useState } from "react";
import type { LogStream } from "@/lib/client/logs-stream";
import type { LogView } from "@/lib/client/logs-view";

type Reader = {
  readonly following: boolean;
  /** The key the next line had when following ended. */
  readonly leftAt: number;
};

/** Where the reader is: at the end, watching, or somewhere above with new lines coming in below. */
export function useLogReader(stream: LogStream, view: LogView, followAtFirst: boolean) {
  const [reader, setReader] = useState<Reader>({ following: followAtFirst, leftAt: 0 });
  // A link to a place that the log does not have opens its end.
  const following = reader.following || view.notice?.kind === "elsewhere";

  const note = useCallback(
    (next: boolean, nearEnd: boolean) => {
      const { nextKey } = stream.snapshot().buffer;
      const live = stream.setReader(next, nearEnd);
      setReader((old) => (old.following === live ? old : { following: live, leftAt: nextKey }));
    },
    [stream],
  );

  return {
    following,
    newLines: reader.leftAt === 0 || following ? 0 : Math.max(0, view.buffer.nextKey - reader.leftAt),
    note,
    followNow: () => setReader({ following: true, leftAt: 0 }),
    leave: () => note(false, false),
  };
}
