import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { type CreateTokenBody, TokenCreated, TokenList, TokenView } from "@/lib/contracts/api-token";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";

export const tokenKeys = {
  all: ["tokens"] as const,
  list: () => [...tokenKeys.all, "list"] as const,
};

export function tokensQuery() {
  return queryOptions({
    queryKey: tokenKeys.list(),
    queryFn: ({ signal }) => api(TokenList, "/api/v1/tokens", { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

/** `secret` is known this once. */
export type NewToken = z.infer<typeof TokenCreated>;

export function useCreateToken(onDone: (created: NewToken) => void) {
  const refresh = useRefreshTokens();
  return useMutation({
    mutationFn: (body: CreateTokenBody) => api(TokenCreated, "/api/v1/tokens", { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
    // It would keep the secret.
    gcTime: 0,
  });
}

const TokenAnswer = z.object({ token: TokenView });

export function useRevokeToken(id: string, onDone: () => void) {
  const refresh = useRefreshTokens();
  return useMutation({
    mutationFn: () => api(TokenAnswer, `/api/v1/tokens/${encodeURIComponent(id)}`, { method: "DELETE" }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

function useRefreshTokens() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: tokenKeys.all });
}

/** How long a new token is good for; null: it does not expire. */
export const LIFETIMES = [
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "365 days" },
  { days: null, label: "Never" },
] as const;

/** Those that are good, and those that are over. Both keep the order of the list, newest first. */
export function splitTokens(tokens: readonly TokenView[]): {
  readonly active: readonly TokenView[];
  readonly over: readonly TokenView[];
} {
  return {
    active: tokens.filter(({ state }) => state === "active"),
    over: tokens.filter(({ state }) => state !== "active"),
  };
}
