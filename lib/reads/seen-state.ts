import { asSeen } from "@/lib/http/as-seen";

/** What a page is rendered with, and hands to the browser, as who asks may see it. */
export function seenState<State>(state: State): Promise<State> {
  return asSeen(state);
}
