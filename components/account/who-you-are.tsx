"use client";

import { NO_ROLE_LABEL, ROLE_ABOUT, ROLE_LABEL } from "@/components/access/access-words";
import { useTitles } from "@/components/jobs/use-titles";
import { Ago } from "@/components/time/ago";
import { type FactRow, Facts } from "@/components/ui/facts";
import { Panel } from "@/components/ui/panel";
import type { AccountView } from "@/lib/contracts/account";
import { grantsInWords } from "./role-words";

export function WhoYouAre({ account }: { account: AccountView }) {
  const { name, role, grants, lastSignInAt } = account;
  const titleOf = useTitles();
  const rows: (FactRow | null)[] = [
    { name: "Name", value: <span className="font-medium">{name}</span> },
    { name: "Role", value: <RoleWords role={role} /> },
    grants.length === 0
      ? null
      : {
          name: role === null ? "Jobs" : "Also",
          value: grantsInWords(account, titleOf),
        },
    { name: "Signed in", value: <Ago at={lastSignInAt} none="never" /> },
  ];
  return (
    <Panel title="You">
      <Facts rows={rows.filter((row) => row !== null)} />
    </Panel>
  );
}

function RoleWords({ role }: Pick<AccountView, "role">) {
  if (role === null) return <span className="font-medium">{NO_ROLE_LABEL}</span>;
  return (
    <>
      <span className="font-medium">{ROLE_LABEL[role]}.</span>{" "}
      <span className="text-muted">{ROLE_ABOUT[role]}</span>
    </>
  );
}
