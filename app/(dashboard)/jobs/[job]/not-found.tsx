import { MissingPage } from "@/components/problem/missing-page";

export default function JobNotFound() {
  return (
    <MissingPage title="There is no such job" href="/jobs" back="All jobs">
      It may have been deleted, or the address has a typing error. Ids are written in small letters.
    </MissingPage>
  );
}
