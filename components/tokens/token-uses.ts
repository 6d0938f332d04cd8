/** Commands that use a token as they stand. Neither part needs quoting in a shell: an origin and a secret have no such characters. */
export function tokenUses(origin: string, secret: string): readonly { label: string; command: string }[] {
  return [
    {
      label: "With the command line",
      command: `UNSTUCK_URL=${origin} UNSTUCK_TOKEN=${secret} unstuck status`,
    },
    {
      label: "With curl, or any program that speaks HTTP",
      command: `curl -H "Authorization: Bearer ${secret}" ${origin}/api/v1/status`,
    },
  ];
}
