/** What one-letter keys do to the page as it stands. Every function answers whether there was something to do. */

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role=dialog],[role=alertdialog],[role=menu]") !== null)
    return true;
  return target.matches("input:not([type=checkbox],[type=radio]),textarea,select");
}

export function search(): boolean {
  const field = visible("[data-search]")[0];
  field?.focus();
  return field !== undefined;
}

export function moveRow(by: 1 | -1): boolean {
  const links = visible("main [data-row-link]");
  const row = document.activeElement?.closest("[data-row]");
  const at = links.findIndex((link) => row?.contains(link) ?? false);
  const next = links[at === -1 ? (by === 1 ? 0 : links.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

/** Presses what the focused row, or else the page itself, offers under `key`. */
export function press(key: string): boolean {
  const row = document.activeElement?.closest("[data-row]");
  const inRow = row === null || row === undefined ? [] : visible(`[data-key="${key}"]`, row);
  const onPage = visible(`main [data-key="${key}"]`).filter(
    (element) => element.closest("[data-row]") === null,
  );
  const target = inRow[0] ?? onPage[0];
  if (target === undefined) return false;
  target.focus();
  target.click();
  return true;
}

function visible(selector: string, within: ParentNode = document): readonly HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>(selector)].filter((element) => element.checkVisibility());
}
