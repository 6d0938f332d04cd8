import type { Credentials } from "@/lib/domain/ports/accounts";
import { noteUsed, tokenByHash } from "./api-tokens";
import { bound } from "./bound";
import { hasUsers, noteSeen, sessionByHash } from "./sessions";
import type { Store } from "./transaction";
import { noteThere, userByName } from "./users";

/** What lib/auth asks for each request. Its notes can wait. */
export function credentialsOf(store: Store): Credentials {
  const later = store.as({ urgency: "housekeeping" });
  return bound(later, {
    ...{ sessionByHash, tokenByHash, userByName, hasUsers },
    ...{ noteSeen, noteUsed, noteThere },
  });
}
