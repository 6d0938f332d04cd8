import type { JobView } from "@/lib/contracts/job";
import type { SignalTarget } from "@/lib/domain/signal-profile";
import { formatDurationText } from "./duration-text";

export const TARGET_WORDS = {
  program: "the program",
  group: "its process group",
  tree: "all its processes",
} as const satisfies Record<SignalTarget, string>;

/** `SIGUSR1 to the program, 5 s, SIGHUP, 20 s, then SIGKILL` */
export function stopWords({ to, sequence }: JobView["signals"]): string {
  const steps = sequence.map(({ signal, waitMs }, at) => {
    const whom = at === 0 ? ` to ${TARGET_WORDS[to]}` : "";
    return `${signal}${whom}, ${formatDurationText(waitMs)}`;
  });
  return `${steps.join(", ")}, then SIGKILL`;
}
