/** No answer, or none that can be believed. That is not the same as none being known. */
export class CannotTell extends Error {}
