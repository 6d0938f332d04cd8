import { MissingPage } from "@/components/problem/missing-page";

export function NoSuchPlan() {
  return (
    <MissingPage title="There is no such plan" href="/cleanups" back="All clean-ups">
      The address may not be whole. A plan’s id looks like <code>plan_0mq1x…</code> and has 25 characters.
    </MissingPage>
  );
}
