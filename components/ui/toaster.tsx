"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

/** Toasts only confirm; whatever must be read stays on the page. */
export function Toaster() {
  const { theme } = useTheme();
  const known = theme === "dark" || theme === "light" ? theme : "system";
  return (
    <Sonner
      theme={known}
      position="bottom-right"
      closeButton={false}
      toastOptions={{ duration: 3_500, className: "font-sans" }}
    />
  );
}
