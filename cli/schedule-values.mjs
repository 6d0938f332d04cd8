/** As the API has them, and `wait` for its `queue`; a test keeps them the same. */
export const MISSED = ["skip", "last", "all"];
export const OVERLAPS = { skip: "skip", wait: "queue" };
/** 0 is Sunday. */
export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
