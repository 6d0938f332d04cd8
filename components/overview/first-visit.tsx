"use client";

import { Play, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { ArgvChips } from "@/components/jobs/argv-chips";
import { NoVisibleJob } from "@/components/jobs/no-visible-job";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useStartDemo } from "@/lib/client/jobs";
import { useMay } from "@/lib/client/may";

const EXAMPLE = ["scrapy", "crawl", "shop", "-a", "region=north"];

/** Nothing is here yet. What to do about that is an admin's. */
export function FirstVisit() {
  const { may } = useMay();
  return may("admin", null) ? <Beginning /> : <NothingYet />;
}

function NothingYet() {
  const { may } = useMay();
  return (
    <div className="rounded-lg border border-line bg-surface">
      {may("viewer", null) ? (
        <Empty title="No job yet">
          An admin adds jobs. They appear here with what they are doing, and why.
        </Empty>
      ) : (
        <NoVisibleJob />
      )}
    </div>
  );
}

/** Show in one press what the dashboard does, or begin in earnest. */
function Beginning() {
  const router = useRouter();
  const demo = useStartDemo((run) => router.push(`/runs/${run.id}`));
  return (
    <section aria-labelledby="first-visit" className="max-w-2xl">
      <h2 id="first-visit" className="text-2xl font-semibold tracking-tight text-balance">
        No job yet. See it work first?
      </h2>
      <p className="mt-2 text-base text-muted">
        A job is a named command. Unstuck starts it, watches for signs of life, stops it cleanly, and always
        says what state it is in and why.
      </p>
      <div className="mt-6 flex flex-wrap gap-2">
        <Button
          look="main"
          icon={<Play aria-hidden />}
          busy={demo.isPending || demo.isSuccess}
          onClick={() => demo.mutate()}
        >
          Run the demo scraper
        </Button>
        <ButtonLink href="/jobs/new" icon={<Plus aria-hidden />}>
          Add your first job
        </ButtonLink>
      </div>
      <ProblemNotice error={demo.error} title="The demo could not be started" className="mt-4" />
      <dl className="mt-8 grid gap-5 border-t border-line pt-6 text-sm sm:grid-cols-2">
        <div>
          <dt className="font-medium">The demo</dt>
          <dd className="mt-1 text-muted">
            scrapes a small made-up shop on this machine, page by page, for about a minute. Watch its log,
            stop it, resume it: nothing leaves this computer.
          </dd>
        </div>
        <div>
          <dt className="font-medium">Your own</dt>
          <dd className="mt-1 flex flex-col gap-2 text-muted">
            needs a name and the command you type today, nothing in your code:
            <ArgvChips argv={EXAMPLE} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
