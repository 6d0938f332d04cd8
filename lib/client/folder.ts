import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ConfirmFolderBody, FolderView } from "@/lib/contracts/folder";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";

export const folderKeys = { all: ["folder"] as const };

export function folderQuery() {
  return queryOptions({
    queryKey: folderKeys.all,
    queryFn: ({ signal }) => api(FolderView, "/api/v1/folder", { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

/** Everything on every page may look different afterwards. */
export function useConfirmFolder(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ConfirmFolderBody) =>
      api(FolderView, "/api/v1/folder/confirm", { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries(),
  });
}
