import { Empty } from "@/components/ui/empty";

/** For a person who has a role for some jobs only. */
export function NoVisibleJob() {
  return (
    <Empty title="No job that you may see">
      You have a role for some jobs only, and none of those is there. An admin can change that.
    </Empty>
  );
}
