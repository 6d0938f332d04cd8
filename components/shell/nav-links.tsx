"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { useMay } from "@/lib/client/may";
import { type DestinationGroup, destinationsOf, isHere } from "./destinations";

const LOOK = {
  rail: "h-8 gap-2.5 rounded-md px-2.5 text-sm",
  // Seven labels of one size fit a phone of 375 px.
  bar: "h-14 min-w-0 flex-1 flex-col justify-center gap-1 text-[11px] max-[375px]:text-[10px]",
} as const;

type NavLinksProps = { look: keyof typeof LOOK; group?: DestinationGroup };

export function NavLinks({ look, group = "work" }: NavLinksProps) {
  const path = usePathname();
  const may = useMay();
  return destinationsOf(group, may).map(({ href, label, icon: Icon }) => {
    const here = isHere(href, path);
    return (
      <Link
        key={href}
        href={href}
        aria-current={here ? "page" : undefined}
        className={cn(
          "flex items-center font-medium transition-colors",
          LOOK[look],
          here ? "text-fg" : "text-muted hover:text-fg",
          look === "rail" && (here ? "bg-raised" : "hover:bg-raised/60"),
        )}
      >
        <Icon aria-hidden className={cn("size-4", look === "bar" && "size-5", here && "text-accent")} />
        {label}
      </Link>
    );
  });
}
