"use client";

import { useQuery } from "@tanstack/react-query";
import { NoSuchPlan } from "@/components/plans/no-such-plan";
import { PlanHeader } from "@/components/plans/plan-header";
import { PlanItems } from "@/components/plans/plan-items";
import { PlanProgress } from "@/components/plans/plan-progress";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { PageHeader } from "@/components/ui/page-header";
import { PageSkeleton } from "@/components/ui/skeleton";
import { planQuery } from "@/lib/client/plans";
import { isApiProblem, isUnreachable } from "@/lib/client/problem";

export function PlanPageView({ id }: { id: string }) {
  const { data: plan, error } = useQuery(planQuery(id));
  if (plan === undefined) {
    if (error === null) return <PageSkeleton />;
    if (isApiProblem(error) && error.code === "PLAN_NOT_FOUND") return <NoSuchPlan />;
    return (
      <>
        <PageHeader title="Plan" />
        <ProblemNotice error={error} title="This plan cannot be shown" />
      </>
    );
  }
  return (
    <>
      <PlanHeader plan={plan} />
      {error !== null && !isUnreachable(error) && (
        <ProblemNotice error={error} title="This plan cannot be read any more" className="mb-6" />
      )}
      <PlanProgress plan={plan} />
      <PlanItems plan={plan} />
    </>
  );
}
