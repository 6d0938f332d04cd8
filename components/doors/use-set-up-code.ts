"use client";

import { useEffect, useState } from "react";

/**
 * The one-time code of the link that `npm start` prints. It stands behind the `#`, which browsers send to no server, and is taken out of
 * the address bar so that it stays in no history.
 * @returns null: the address has none
 */
export function useSetUpCode(): readonly [code: string | null, setCode: (code: string | null) => void] {
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    const take = () => {
      const found = codeIn(window.location.hash);
      if (found === null) return;
      setCode(found);
      window.history.replaceState(null, "", window.location.pathname);
    };
    take();
    // The link may be opened in a tab that shows this page already.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  return [code, setCode];
}

/** What was pasted: the code, or the whole link. @returns null: there is nothing */
export function codeIn(text: string): string | null {
  const code = text.slice(text.lastIndexOf("#") + 1).trim();
  return code === "" ? null : code;
}
