import { UpdateUserBody, UserParams } from "@/lib/contracts/account";
import { toUserView } from "@/lib/http/account-views";
import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { deleteUser } from "@/lib/services/users/delete-user";
import { updateUser } from "@/lib/services/users/update-user";

export const answer = routes({
  PATCH: route(
    { params: UserParams, body: UpdateUserBody, whileUnconfirmed: true },
    async ({ ctx, params, body }) => {
      const { version, ...change } = body;
      return ok({ user: toUserView(await updateUser(ctx, params.user, change, version)) });
    },
  ),
  DELETE: route({ params: UserParams, whileUnconfirmed: true }, async ({ ctx, params }) => {
    await deleteUser(ctx, params.user);
    return noContent();
  }),
});
