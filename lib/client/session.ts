import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  AccountView,
  type ChangePasswordBody,
  LinkStarted,
  MeView,
  RecoveryCodes,
  SecondFactorBegun,
  SessionAnswer,
  SessionList,
  type SetUpBody,
  SignedOutThere,
  type SignInBody,
} from "@/lib/contracts/account";
import { api, apiMaybe, apiNothing } from "./api";
import { leaveAfter, leaveFor } from "./leave";
import { LIVE } from "./polling";

export const sessionKeys = {
  session: ["session"] as const,
  account: ["account"] as const,
  sessions: ["account", "sessions"] as const,
};

/** What a person may do is changed by hand only. */
const LOOK_EVERY_MS = 30_000;

/** Who is signed in. */
export function sessionQuery() {
  return queryOptions({
    queryKey: sessionKeys.session,
    queryFn: ({ signal }) => api(SessionAnswer, "/api/v1/session", { signal }),
    ...LIVE,
  });
}

/** For the frame of the pages, which alone asks again: a role may be changed while a page is open. */
export function watchedSessionQuery() {
  return queryOptions({ ...sessionQuery(), refetchInterval: LOOK_EVERY_MS });
}

/** Who is signed in, as the frame knows it; null: not known, or not signed in. */
export function useMe(): MeView | null {
  const { data } = useQuery({ ...sessionQuery(), enabled: false });
  return data?.me ?? null;
}

/** What the sign-in provider is called; null: there is none. */
export function useProvider(): string | null {
  const { data } = useQuery({ ...sessionQuery(), enabled: false });
  return data?.oidc?.name ?? null;
}

export function accountQuery() {
  return queryOptions({
    queryKey: sessionKeys.account,
    queryFn: ({ signal }) => api(AccountView, "/api/v1/account", { signal }),
    refetchInterval: LOOK_EVERY_MS,
    ...LIVE,
  });
}

export function sessionsQuery() {
  return queryOptions({
    queryKey: sessionKeys.sessions,
    queryFn: ({ signal }) => api(SessionList, "/api/v1/account/sessions", { signal }),
    refetchInterval: LOOK_EVERY_MS,
    ...LIVE,
  });
}

const MeAnswer = z.object({ me: MeView });

/** What was typed is a secret: it is kept no longer than the form that asked for it. */
const FORGOTTEN = { gcTime: 0 } as const;

export function useSignIn() {
  return useMutation({
    mutationFn: (body: z.infer<typeof SignInBody>) =>
      api(MeAnswer, "/api/v1/session", { method: "POST", body }),
    ...FORGOTTEN,
  });
}

export function useSetUp() {
  return useMutation({
    mutationFn: (body: z.infer<typeof SetUpBody>) =>
      api(MeAnswer, "/api/v1/set-up", { method: "POST", body }),
    ...FORGOTTEN,
  });
}

/** Leaves nothing behind that the next person at this browser could read. May lead to the provider, which sends the browser back. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      leaveAfter(async () => {
        const there = await apiMaybe(SignedOutThere, "/api/v1/session", { method: "DELETE" });
        client.clear();
        return there?.goTo ?? "/sign-in";
      }),
  });
}

export function useChangePassword(onDone: () => void) {
  const refresh = useRefreshAccount();
  return useMutation({
    mutationFn: (body: z.infer<typeof ChangePasswordBody>) =>
      apiNothing("/api/v1/account/password", { method: "PUT", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
    ...FORGOTTEN,
  });
}

const SECOND_FACTOR = "/api/v1/account/second-factor";

export function useBeginSecondFactor(onBegun: (begun: SecondFactorBegun) => void) {
  return useMutation({
    mutationFn: (password: string) =>
      api(SecondFactorBegun, SECOND_FACTOR, { method: "POST", body: { password } }),
    onSuccess: onBegun,
    ...FORGOTTEN,
  });
}

export function useConfirmSecondFactor(onConfirmed: (recoveryCodes: readonly string[]) => void) {
  const refresh = useRefreshAccount();
  return useMutation({
    mutationFn: (code: string) => api(RecoveryCodes, SECOND_FACTOR, { method: "PUT", body: { code } }),
    onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes),
    onSettled: () => refresh(),
    ...FORGOTTEN,
  });
}

export function useRemoveSecondFactor(onDone: () => void) {
  const refresh = useRefreshAccount();
  return useMutation({
    mutationFn: (password: string) => apiNothing(SECOND_FACTOR, { method: "DELETE", body: { password } }),
    onSuccess: onDone,
    onSettled: () => refresh(),
    ...FORGOTTEN,
  });
}

const IDENTITY = "/api/v1/account/identity";

/** Ends on the provider's page, which sends the browser back to ours. */
export function useLinkIdentity() {
  return useMutation({
    mutationFn: async (password: string) => {
      const { url } = await api(LinkStarted, IDENTITY, { method: "POST", body: { password } });
      leaveFor(url);
    },
    ...FORGOTTEN,
  });
}

export function useUnlinkIdentity(onDone: () => void) {
  const refresh = useRefreshAccount();
  return useMutation({
    mutationFn: (password: string) => apiNothing(IDENTITY, { method: "DELETE", body: { password } }),
    onSuccess: onDone,
    onSettled: () => refresh(),
    ...FORGOTTEN,
  });
}

export function useEndSession(onDone: () => void) {
  const refresh = useRefreshAccount();
  return useMutation({
    mutationFn: (id: string) =>
      apiNothing(`/api/v1/account/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

export function useEndOtherSessions(onDone: () => void) {
  const refresh = useRefreshAccount();
  return useMutation({
    mutationFn: () => apiNothing("/api/v1/account/sessions", { method: "DELETE" }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

/** The account with its sessions, and who the frame says is signed in. */
function useRefreshAccount() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: sessionKeys.account }),
      client.invalidateQueries({ queryKey: sessionKeys.session }),
    ]);
}
