/** Where the supervisor says what it does: an event's name, and its fields. */
export type SupervisorLog = {
  info(fields: Readonly<Record<string, unknown>>, event: string): void;
  warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  error(fields: Readonly<Record<string, unknown>>, event: string): void;
};
