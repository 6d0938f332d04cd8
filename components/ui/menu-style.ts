/** The look of every menu, whichever items it has. */
export const menuPopupStyle =
  "rounded-md border border-line bg-surface p-1 text-sm text-fg shadow-popup outline-none";

export const menuItemStyle =
  "flex h-8 items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-raised data-disabled:opacity-55 max-md:h-10";
