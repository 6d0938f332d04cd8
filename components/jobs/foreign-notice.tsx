import { Ago } from "@/components/time/ago";
import { Notice } from "@/components/ui/notice";
import type { ForeignView } from "@/lib/contracts/status";
import { whyOutside } from "./why-outside";

/** Which process it is, so that its owner is recognised before anybody stops it. */
export function ForeignNotice({ foreign }: { foreign: ForeignView }) {
  return (
    <Notice
      tone="warn"
      className="mb-6"
      title={
        <>
          Process {foreign.pid}, started <Ago at={foreign.startedAt} />
        </>
      }
    >
      <code className="text-xs wrap-anywhere text-fg">{foreign.command}</code>
      <p>{whyOutside(foreign)}</p>
    </Notice>
  );
}
