"use client";

import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { isUnreachable } from "@/lib/client/problem";
import { statusQuery } from "@/lib/client/status";

/** When the server answers but cannot tell the state of things, every page says so. Silence is the connection badge's business. */
export function SupervisorNotice() {
  const { error } = useQuery(statusQuery());
  if (error === null || isUnreachable(error)) return null;
  return <ProblemNotice error={error} title="What is shown below may be old" className="mb-6" />;
}
