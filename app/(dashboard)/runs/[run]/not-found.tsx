import { MissingPage } from "@/components/problem/missing-page";

export default function RunNotFound() {
  return (
    <MissingPage title="There is no such run" href="/runs" back="All runs">
      It may have been deleted together with its job, or the address is not whole. A run’s id looks like{" "}
      <code>run_0mq1x…</code> and has 24 characters.
    </MissingPage>
  );
}
