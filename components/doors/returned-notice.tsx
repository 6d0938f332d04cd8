import { Notice } from "@/components/ui/notice";

/** Why a person was not let in who came back from a provider, or came through a proxy. @param props.problem null: nothing went wrong */
export function ReturnedNotice({ problem }: { problem: string | null }) {
  if (problem === null) return null;
  return (
    <Notice tone="bad" title="You were not signed in">
      {problem}
    </Notice>
  );
}
