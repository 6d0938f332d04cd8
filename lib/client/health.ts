import { queryOptions } from "@tanstack/react-query";
import { HealthView } from "@/lib/contracts/health";
import { noteAnswer, noteSilence } from "./connection";
import { ApiProblem, unreachable } from "./problem";

const LOOK_AGAIN_MS = 3_000;

/** /health answers 503 with the same shape, and that is what the page wants to read. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => readHealth(signal),
  refetchInterval: LOOK_AGAIN_MS,
  refetchOnWindowFocus: "always",
});

async function readHealth(signal: AbortSignal): Promise<HealthView> {
  const response = await fetch("/health", { cache: "no-store", signal }).catch((error: unknown) => {
    noteSilence();
    throw unreachable(error);
  });
  noteAnswer();
  const parsed = HealthView.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new ApiProblem("UNEXPECTED_ANSWER", "The server's health answer cannot be read.", response.status);
}
