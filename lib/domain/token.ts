/** The token of an `Authorization: Bearer …` header; null when it has none. The scheme's case does not matter (RFC 9110, 11.1). */
export function bearerToken(header: string | null | undefined): string | null {
  return /^Bearer +([\w-]{1,64}) *$/i.exec(header ?? "")?.[1] ?? null;
}
