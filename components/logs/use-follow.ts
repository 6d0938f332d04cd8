"use client";

import { type RefObject, useLayoutEffect, useRef } from "react";

/** Nearer to the end than this, the reader is taken to watch the newest line. */
export const FOLLOW_WITHIN_PX = 10;

/** Nearer than this to an end of what is loaded, more is fetched there. */
const NEAR_PX = 600;

/** How long after the last touch of wheel, key or finger a scroll is still the reader's own. */
const OWN_SCROLL_MS = 1_500;

type FollowOptions = {
  following: boolean;
  onReader: (following: boolean, nearEnd: boolean) => void;
  onTop: () => void;
};

/**
 * Tells the reader's scrolling from the list's own. Only a person leaves follow mode: while rows are measured and lines
 * come in, the end is out of reach for moments without any scrolling.
 */
export function useFollow(
  scroller: RefObject<HTMLDivElement | null>,
  { following, onReader, onTop }: FollowOptions,
) {
  const lastTop = useRef(0);
  // A scroll event can come before the render that a decision led to.
  const isFollowing = useRef(following);
  const lastOwn = useRef(Number.NEGATIVE_INFINITY);
  const dragging = useRef(false);

  useLayoutEffect(() => {
    isFollowing.current = following;
  }, [following]);

  const note = () => {
    lastOwn.current = performance.now();
  };

  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const distance = scrollHeight - clientHeight - scrollTop;
    const up = scrollTop < lastTop.current;
    const own = dragging.current || performance.now() - lastOwn.current < OWN_SCROLL_MS;
    lastTop.current = scrollTop;
    const leaves = own && up && distance > FOLLOW_WITHIN_PX;
    isFollowing.current = distance <= FOLLOW_WITHIN_PX || (isFollowing.current && !leaves);
    onReader(isFollowing.current, distance < NEAR_PX);
    if (up && scrollTop < NEAR_PX) onTop();
  };

  /** After the list was sent to a place: there, and only there, it is decided again whether to follow. */
  const look = () => {
    const element = scroller.current;
    if (element === null) return;
    const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
    lastTop.current = element.scrollTop;
    isFollowing.current = distance <= FOLLOW_WITHIN_PX;
    onReader(isFollowing.current, distance < NEAR_PX);
  };

  const handlers = {
    onScroll,
    onWheel: note,
    onTouchMove: note,
    onKeyDown: note,
    onPointerDown: () => {
      dragging.current = true;
      note();
      window.addEventListener(
        "pointerup",
        () => {
          dragging.current = false;
        },
        { once: true },
      );
    },
  };

  return { handlers, look };
}
