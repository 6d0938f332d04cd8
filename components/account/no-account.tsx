import { Empty } from "@/components/ui/empty";
import type { WayIn } from "@/lib/domain/access";

type Without = Exclude<WayIn, "session" | "proxy">;

const WORDS = {
  open: {
    title: "Accounts are switched off",
    about: (
      <>
        Unstuck was started with <code>UNSTUCK_AUTH=off</code>, so everyone who can reach this page may do
        everything, and there is no account to look after. Start it without that setting to use accounts.
      </>
    ),
  },
  socket: {
    title: "You are here as the owner",
    about: (
      <>
        Requests through the socket in the data folder come from the user who owns that folder. They may do
        everything, and need no account.
      </>
    ),
  },
  token: {
    title: "You are here with a token",
    about: "A token has a role, and no account. Admins look after tokens on the page Tokens.",
  },
} as const satisfies Record<Without, unknown>;

/** Not everyone who may do something here is a user. */
export function NoAccount({ via }: { via: Without }) {
  const { title, about } = WORDS[via];
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Empty title={title}>{about}</Empty>
    </div>
  );
}
