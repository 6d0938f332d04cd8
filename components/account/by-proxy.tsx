import { Panel } from "@/components/ui/panel";

/** How a person got here who has neither password nor session of ours. */
export function ByProxy() {
  return (
    <Panel title="Signing in">
      <p className="px-4 py-3 text-sm text-muted">
        The proxy in front of Unstuck says who you are, so there is no password to change and no session to
        end here. What you may do is up to an admin, or to your groups there.
      </p>
    </Panel>
  );
}
