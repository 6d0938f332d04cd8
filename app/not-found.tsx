import { MissingPage } from "@/components/problem/missing-page";

export default function NotFound() {
  return (
    <main className="app-root mx-auto flex min-h-dvh max-w-xl flex-col justify-center px-6">
      <MissingPage title="There is no page here" href="/" back="Go to the overview">
        This page does not exist.
      </MissingPage>
    </main>
  );
}
