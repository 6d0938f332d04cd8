import { CreateUserBody } from "@/lib/contracts/account";
import { toUserView } from "@/lib/http/account-views";
import { created, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readUsers } from "@/lib/reads/accounts";
import { createUser } from "@/lib/services/users/create-user";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readUsers(ctx))),
  POST: route({ body: CreateUserBody, whileUnconfirmed: true }, async ({ ctx, body }) => {
    const { user, password } = await createUser(ctx, body);
    return created({ user: toUserView(user), password });
  }),
});
