/** `https://login.example.org/realms/main` → `login.example.org/realms/main`: what stays tells one issuer from another. */
export function issuerInBrief(issuer: string): string {
  return issuer.replace(/^https?:\/\//, "").replace(/\/$/, "");
}
