"use client";

import { Ban, Eraser, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { useMay } from "@/lib/client/may";
import { useAbortPlan } from "@/lib/client/plans";
import type { PlanView } from "@/lib/contracts/cleanup";
import { PlanBadge } from "./plan-badge";
import { ApplyDialog } from "./plan-dialogs";
import { PLAN_KIND, PLAN_TRIGGER, planInNumbers, planScope } from "./plan-words";
import { UndoDialog } from "./undo-dialog";

export function PlanHeader({ plan }: { plan: PlanView }) {
  const abort = useAbortPlan(plan.id);
  return (
    <>
      <PageHeader
        title={`${PLAN_KIND[plan.kind]} of ${planScope(plan)}`}
        badge={<PlanBadge state={plan.state} />}
        below={<Below plan={plan} />}
        actions={<Actions plan={plan} abort={abort} />}
      />
      <ProblemNotice error={abort.error} title="It was not aborted" className="mb-6" />
    </>
  );
}

function Below({ plan }: { plan: PlanView }) {
  return (
    <>
      <p className="text-base text-fg" role="status">
        {planInNumbers(plan)}
      </p>
      <p className="mt-0.5 text-xs text-faint">
        made <Ago at={plan.createdAt} /> {PLAN_TRIGGER[plan.trigger]} ({plan.actor})
        {plan.appliedAt !== null && (
          <>
            {" · applied "}
            <Ago at={plan.appliedAt} />
          </>
        )}
        {plan.undoneAt !== null && (
          <>
            {" · undone "}
            <Ago at={plan.undoneAt} />
          </>
        )}
      </p>
      {plan.reason !== null && <p className="mt-0.5 text-sm wrap-anywhere">“{plan.reason}”</p>}
    </>
  );
}

function Actions({ plan, abort }: { plan: PlanView; abort: ReturnType<typeof useAbortPlan> }) {
  const [dialog, setDialog] = useState<"apply" | "undo" | null>(null);
  const { kind, state, counts } = plan;
  const clean = kind === "cleanup";
  const { may } = useMay();
  if (!may("operator", null)) return null;
  return (
    <>
      {state === "applying" && (
        <Button icon={<Ban aria-hidden />} busy={abort.isPending} onClick={() => abort.mutate({})}>
          Abort
        </Button>
      )}
      {state === "ready" && (clean || may("admin", null)) && (
        <Button
          look={clean ? "main" : "danger-main"}
          icon={clean ? <Eraser aria-hidden /> : <Trash2 aria-hidden />}
          disabled={counts.planned === 0}
          onClick={() => setDialog("apply")}
          data-key="c"
        >
          Apply…
        </Button>
      )}
      {clean && state !== "applying" && counts.done > 0 && (
        <Button icon={<Undo2 aria-hidden />} onClick={() => setDialog("undo")}>
          Undo {counts.done === 1 ? "it" : `all ${counts.done}`}…
        </Button>
      )}
      <ApplyDialog plan={plan} open={dialog === "apply"} onOpenChange={() => setDialog(null)} />
      <UndoDialog
        planId={plan.id}
        count={counts.done}
        open={dialog === "undo"}
        onOpenChange={() => setDialog(null)}
      />
    </>
  );
}
