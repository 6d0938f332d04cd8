import { type MouseEvent, useEffect, useState } from "react";
import { readConnection } from "@/lib/client/connection";
import { useConnection } from "./connection-badge";

/**
 * While the server is gone a click on a link would end on the browser's own error page, with the data lost: the page stays instead.
 * @returns what the frame does with clicks before anybody else, and whether one was held back
 */
export function useStayOffline(): {
  readonly onClickCapture: (event: MouseEvent) => void;
  readonly stayed: boolean;
} {
  const { lostSince } = useConnection();
  const [stayed, setStayed] = useState(false);
  useEffect(() => {
    if (lostSince === null) setStayed(false);
  }, [lostSince]);
  const onClickCapture = (event: MouseEvent) => {
    if (readConnection().lostSince === null || !leavesPage(event.target)) return;
    event.preventDefault();
    setStayed(true);
  };
  return { onClickCapture, stayed };
}

function leavesPage(target: EventTarget): boolean {
  const link = target instanceof Element ? target.closest("a") : null;
  if (link === null || link.target === "_blank") return false;
  const { origin, pathname, search } = new URL(link.href, location.href);
  return origin === location.origin && `${pathname}${search}` !== `${location.pathname}${location.search}`;
}
