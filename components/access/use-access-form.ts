"use client";

import { useState } from "react";
import { type AccessView, readAccess, toDraft } from "@/lib/client/access-draft";
import { placeProblem } from "@/lib/client/access-problem";
import { type AccessProblems, NO_ACCESS_PROBLEMS } from "./access-fields";

type Start = { readonly name: string; readonly access: AccessView };

/**
 * A name and what it may do, as they are being edited. Before the first try to save nothing is called wrong.
 * @param isName what the server accepts as a name, of what was typed
 * @param refused the server's refusal, if there was one
 */
export function useAccessForm(
  start: Start,
  isName: (name: string) => boolean,
  nameRule: string,
  refused: unknown,
) {
  const [name, setName] = useState(start.name);
  const [draft, setDraft] = useState(() => toDraft(start.access));
  const [tried, setTried] = useState(false);
  const reading = readAccess(draft);
  const trimmed = name.trim();
  const wrongName = isName(trimmed) ? null : nameRule;
  const placed = placeProblem(refused);
  const own = tried && !reading.ok ? { role: reading.problem, rows: reading.rows } : NO_ACCESS_PROBLEMS;
  const problems: { name: string | undefined; access: AccessProblems; rest: unknown } = {
    name: (tried ? wrongName : null) ?? placed.name ?? undefined,
    access: { ...own, role: own.role ?? placed.access },
    rest: placed.rest,
  };
  /** What is to be sent; null: something is wrong, which is shown from now on. */
  const read = () => {
    setTried(true);
    return wrongName === null && reading.ok ? { name: trimmed, ...reading.access } : null;
  };
  return { name, setName, draft, setDraft, problems, read };
}
