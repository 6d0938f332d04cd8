"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { environmentQuery, useChangeEnvironment } from "@/lib/client/environment";
import { useMay } from "@/lib/client/may";
import type { EnvironmentView } from "@/lib/contracts/environment";

/** While runs are still handed what earlier versions handed on, and when something named is not there. */
export function EnvironmentNotice() {
  const { data } = useQuery(environmentQuery());
  const [open, setOpen] = useState(false);
  const changes = useMay().may("admin", null);
  if (data === undefined) return null;
  if (data.use === "short") return data.missing.length > 0 ? <MissingNotice {...data} /> : null;
  const handed = data.recorded.filter(({ isSet }) => isSet).map(({ name }) => name);
  return (
    <>
      <Notice
        tone="warn"
        title="Runs still get the environment of the dashboard"
        actions={changes && <Button onClick={() => setOpen(true)}>Use the short environment</Button>}
      >
        Earlier versions handed on everything. So that nothing breaks, runs keep getting{" "}
        {handed.length === 1 ? "this variable" : `these ${handed.length} variables`}: <Names names={handed} />
        .
        <Gone missing={data.missing} />
      </Notice>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Use the short environment?"
        description="From their next start on, runs get a short base (PATH, HOME, USER, LANG, …), what UNSTUCK_INHERIT lets through, and what their job sets. Runs that are active keep what they have."
        className="w-[36rem]"
      >
        <ShortForm environment={data} close={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ShortForm({ environment, close }: { environment: EnvironmentView; close: () => void }) {
  const change = useChangeEnvironment(() => {
    toast("Runs get the short environment from their next start on");
    close();
  });
  const { recorded, jobCount } = environment;
  const lost = recorded.filter(({ losingCount }) => losingCount > 0);
  const keepable = lost.filter(({ inDotEnv }) => !inDotEnv).map(({ name }) => name);
  const inFile = lost.filter(({ inDotEnv }) => inDotEnv).map(({ name }) => name);
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      button="Use the short environment"
      action={change}
      refused="Nothing was changed"
      onConfirm={({ reason }) => change.mutate({ use: "short", ...(reason === undefined ? {} : { reason }) })}
      close={close}
    >
      {lost.length === 0 ? (
        <p className="text-sm text-muted">No job loses anything by it.</p>
      ) : (
        <>
          <Table caption="What jobs would lose">
            <thead>
              <tr>
                <Th>Variable</Th>
                <Th>Lost by</Th>
                <Th>Set by the job itself</Th>
              </tr>
            </thead>
            <tbody>
              {lost.map(({ name, losingCount, setBy }) => (
                <Tr key={name}>
                  <Td className="font-mono text-xs wrap-anywhere">{name}</Td>
                  <Td>
                    {losingCount} of {jobCount} {jobCount === 1 ? "job" : "jobs"}
                  </Td>
                  <Td className="text-muted">{setBy.length === 0 ? "–" : setBy.join(", ")}</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
          <p className="text-sm text-muted">
            A scraper that loses its proxy crawls from this machine’s own IP address. To keep some, set them
            in the jobs that need them
            {keepable.length > 0 && (
              <>
                , or restart the dashboard with{" "}
                <code className="text-xs wrap-anywhere">UNSTUCK_INHERIT={keepable.join(",")}</code> first
              </>
            )}
            .
            {inFile.length > 0 && (
              <Names names={inFile} before=" Set in .env only, which UNSTUCK_INHERIT does not read: " />
            )}
          </p>
        </>
      )}
    </ConfirmForm>
  );
}

function MissingNotice({ missing }: Pick<EnvironmentView, "missing">) {
  return (
    <Notice tone="warn" title="Runs lack a variable they should get">
      <Gone missing={missing} />
    </Notice>
  );
}

function Gone({ missing }: Pick<EnvironmentView, "missing">) {
  const unset = missing.filter(({ inDotEnv }) => !inDotEnv).map(({ name }) => name);
  const inFile = missing.filter(({ inDotEnv }) => inDotEnv).map(({ name }) => name);
  return (
    <>
      {unset.length > 0 && (
        <span className="block">
          Not set where the dashboard was started: <Names names={unset} />.
        </span>
      )}
      {inFile.length > 0 && (
        <span className="block">
          Set in <code className="text-xs">.env</code> only, which is not for runs: <Names names={inFile} />.
        </span>
      )}
    </>
  );
}

function Names({ names, before }: { names: readonly string[]; before?: string }) {
  return (
    <>
      {before}
      <code className="text-xs wrap-anywhere">{names.join(", ")}</code>
    </>
  );
}
