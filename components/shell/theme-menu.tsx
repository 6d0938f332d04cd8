"use client";

import { Menu } from "@base-ui/react/menu";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { buttonStyle } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { menuItemStyle, menuPopupStyle } from "@/components/ui/menu-style";

const THEMES = [
  { value: "system", label: "System", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

/** The trigger's icon is chosen by CSS: the server cannot know the theme, and a guess would be a hydration error. */
export function ThemeMenu() {
  const { theme, setTheme } = useTheme();
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonStyle({ look: "quiet", size: "icon" })} aria-label="Theme" title="Theme">
        <Sun aria-hidden className="dark:hidden" />
        <Moon aria-hidden className="hidden dark:block" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-10">
          <Menu.Popup className={cn(menuPopupStyle, "min-w-36")}>
            <Menu.RadioGroup value={theme ?? "system"} onValueChange={setTheme}>
              {THEMES.map(({ value, label, icon: Icon }) => (
                <Menu.RadioItem key={value} value={value} closeOnClick className={menuItemStyle}>
                  <Icon aria-hidden className="size-3.5 text-muted" />
                  {label}
                  <Menu.RadioItemIndicator className="ml-auto">
                    <Check aria-hidden className="size-3.5 text-accent" />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
