import { NoSuchPlan } from "@/components/plans/no-such-plan";

export default function PlanNotFound() {
  return <NoSuchPlan />;
}
