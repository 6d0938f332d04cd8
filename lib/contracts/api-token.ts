import { z } from "zod";
import { GRANTED_ROLES } from "@/lib/domain/access";
import { TOKEN_ID_PATTERN, type TokenId } from "@/lib/domain/user";
import { AccessFields, idOf, RoleField } from "./account";
import { Instant } from "./page";

export const TokenParams = z.object({ token: idOf<TokenId>(TOKEN_ID_PATTERN, "a token") });

export const TOKEN_STATES = ["active", "expired", "revoked"] as const;

export const TokenView = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(TOKEN_STATES),
  role: RoleField.nullable(),
  grants: z.array(z.object({ role: z.enum(GRANTED_ROLES), on: z.string() })),
  createdBy: z.string(),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  /** To within five minutes. */
  lastUsedAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
  revokedBy: z.string().nullable(),
});
export type TokenView = z.infer<typeof TokenView>;
export const TokenList = z.object({ items: z.array(TokenView) });

export const MOST_DAYS = 3_650;

export const CreateTokenBody = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[\w .@+-]{1,63}$/, "expected up to 63 letters, digits, blanks and . _ @ + -"),
  /** Read-only unless it says otherwise. */
  role: AccessFields.role.default("viewer"),
  grants: AccessFields.grants,
  /** From now; null: never. */
  expiresInDays: z.number().int().min(1).max(MOST_DAYS).nullable().default(365),
});
export type CreateTokenBody = z.input<typeof CreateTokenBody>;
/** `secret` is shown this once. */
export const TokenCreated = z.object({ token: TokenView, secret: z.string() });
