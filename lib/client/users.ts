import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import {
  type CreateUserBody,
  type UpdateUserBody,
  UserAnswer,
  UserCreated,
  UserList,
  type UserView,
} from "@/lib/contracts/account";
import { api, apiNothing } from "./api";
import { LIVE, pollWhile } from "./polling";
import { sessionKeys } from "./session";

export const userKeys = {
  all: ["users"] as const,
  list: () => [...userKeys.all, "list"] as const,
};

const userPath = (id: string, part = "") => `/api/v1/users/${encodeURIComponent(id)}${part}`;

export function usersQuery() {
  return queryOptions({
    queryKey: userKeys.list(),
    queryFn: ({ signal }) => api(UserList, "/api/v1/users", { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

/** What an admin does shows in the list, and in the audit. Who is signed in may have changed too: it may have been oneself. */
function useRefreshUsers() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: userKeys.all }),
      client.invalidateQueries({ queryKey: sessionKeys.session }),
    ]);
}

/** The users as they are now, for a form that was filled in from older ones. */
export function useReloadUsers(): () => Promise<readonly UserView[]> {
  const client = useQueryClient();
  return async () => (await client.fetchQuery({ ...usersQuery(), staleTime: 0 })).items;
}

/** `password`: the one that was made up, which is known this once. */
export type Created = z.infer<typeof UserCreated>;

export function useCreateUser(onDone: (created: Created) => void) {
  const refresh = useRefreshUsers();
  return useMutation({
    mutationFn: (body: CreateUserBody) => api(UserCreated, "/api/v1/users", { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
    // It would keep the password.
    gcTime: 0,
  });
}

export function useChangeUser(id: string, onDone: (user: UserView) => void) {
  const refresh = useRefreshUsers();
  return useMutation({
    mutationFn: (body: UpdateUserBody) => api(UserAnswer, userPath(id), { method: "PATCH", body }),
    onSuccess: ({ user }) => onDone(user),
    onSettled: () => refresh(),
  });
}

export function useResetPassword(id: string, onDone: (created: Created) => void) {
  const refresh = useRefreshUsers();
  return useMutation({
    mutationFn: () => api(UserCreated, userPath(id, "/password"), { method: "PUT", body: {} }),
    onSuccess: onDone,
    onSettled: () => refresh(),
    gcTime: 0,
  });
}

export const useRemoveSecondFactor = (id: string, onDone: () => void) =>
  useRemove(userPath(id, "/second-factor"), onDone);

export const useEndSessions = (id: string, onDone: () => void) =>
  useRemove(userPath(id, "/sessions"), onDone);

export const useDeleteUser = (id: string, onDone: () => void) => useRemove(userPath(id), onDone);

function useRemove(path: string, onDone: () => void) {
  const refresh = useRefreshUsers();
  return useMutation({
    mutationFn: () => apiNothing(path, { method: "DELETE" }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}
