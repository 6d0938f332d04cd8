"use client";

import { type ClipboardEvent, type KeyboardEvent, useState } from "react";
import { type LineBuffer, textOf } from "@/lib/client/logs-buffer";

/**
 * Copying from a list that draws only what is on screen: Ctrl/Cmd-A takes every loaded line, and a selection comes out as
 * lines of text, without line numbers or our own remarks.
 */
export function useCopyLines(buffer: LineBuffer) {
  const [all, setAll] = useState(false);

  /** True when the key was meant for it. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      event.preventDefault();
      window.getSelection()?.removeAllRanges();
      setAll(true);
      return true;
    }
    if (event.key === "Escape" && all) {
      setAll(false);
      return true;
    }
    return event.ctrlKey || event.metaKey ? !["Home", "End"].includes(event.key) : false;
  };

  const onCopy = (event: ClipboardEvent) => {
    const text = all ? linesText(buffer.lines.map(textOf)) : selectedText();
    if (text === null) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
  };

  return { all, clear: () => setAll(false), onKeyDown, onCopy };
}

/** The selection as lines; null when it lies within one line, which the browser copies well by itself, or is empty. */
export function selectedText(): string | null {
  const selection = window.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const content = selection.getRangeAt(0).cloneContents();
  for (const aside of content.querySelectorAll("[data-aside]")) aside.remove();
  const rows = content.querySelectorAll("[data-index]");
  if (rows.length === 0) return null;
  return linesText(Array.from(rows, (row) => row.querySelector("[data-text]")?.textContent ?? ""));
}

export function linesText(lines: readonly string[]): string {
  return lines.join("\n");
}
