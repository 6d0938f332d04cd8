"use client";

import Link from "next/link";
import { Ago } from "@/components/time/ago";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { PlanView } from "@/lib/contracts/cleanup";
import { PlanBadge } from "./plan-badge";
import { PLAN_KIND, PLAN_TRIGGER, planInNumbers, planScope } from "./plan-words";

/** Plans as they are given, one a row: when, what, who, and what came of it. */
export function PlanTable({ plans, caption }: { plans: readonly PlanView[]; caption: string }) {
  return (
    <Table caption={caption}>
      <thead className="max-sm:sr-only">
        <tr>
          <Th>Plan</Th>
          <Th className="max-sm:hidden">Result</Th>
          <Th className="max-lg:hidden">Who</Th>
          <Th className="text-right">Made</Th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <PlanRow key={plan.id} plan={plan} />
        ))}
      </tbody>
    </Table>
  );
}

function PlanRow({ plan }: { plan: PlanView }) {
  return (
    <Tr data-row={plan.id} className="first:max-sm:border-t-0">
      <Td className="wrap-anywhere">
        <Link
          href={`/cleanups/${plan.id}`}
          data-row-link
          className="font-medium after:absolute after:inset-0"
        >
          {PLAN_KIND[plan.kind]} of {planScope(plan)}
        </Link>
        {plan.reason !== null && <p className="text-xs text-muted">“{plan.reason}”</p>}
        <div className="mt-1 flex flex-wrap items-center gap-2 text-xs text-muted sm:hidden">
          <PlanBadge state={plan.state} /> {planInNumbers(plan)}
        </div>
      </Td>
      <Td className="max-sm:hidden">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <PlanBadge state={plan.state} />
          <span className="text-xs text-muted">{planInNumbers(plan)}</span>
        </span>
      </Td>
      <Td className="text-muted max-lg:hidden">
        {plan.actor}, {PLAN_TRIGGER[plan.trigger]}
      </Td>
      <Td className="w-px text-right text-muted">
        <Ago at={plan.createdAt} className="md:relative md:z-1" />
      </Td>
    </Tr>
  );
}
