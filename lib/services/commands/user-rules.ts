import { AppError } from "@/lib/domain/errors";
import { passwordProblem, RESERVED_NAMES } from "@/lib/domain/user";

/** @throws AppError PASSWORD_REFUSED */
export function refusePassword(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem !== null)
    throw new AppError("PASSWORD_REFUSED", `The password is not accepted: ${problem}.`, { problem });
}

/** @throws AppError INVALID_INPUT */
export function refuseReserved(name: string): void {
  if (!RESERVED_NAMES.includes(name.toLowerCase())) return;
  const message = `expected another name than ${name}, which the history uses for what no user does`;
  throw new AppError("INVALID_INPUT", `The body is not as expected. name: ${message}.`, {
    where: "body",
    issues: [{ path: "name", message }],
  });
}
