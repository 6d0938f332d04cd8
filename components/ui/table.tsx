import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Dense tables: 36 px rows, hairlines, no zebra. The caption names the table for screen readers. */
export function Table({
  caption,
  className,
  children,
  ...rest
}: ComponentProps<"table"> & { caption: string }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <table {...rest} className={cn("w-full border-collapse text-sm", className)}>
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={cn(
        "h-8 px-3 text-left text-xs font-medium whitespace-nowrap text-faint first:pl-4 last:pr-4",
        className,
      )}
    />
  );
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      {...rest}
      className={cn(
        "relative border-t border-line transition-colors hover:bg-raised/60 has-[a:focus-visible]:bg-raised/60",
        className,
      )}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td {...rest} className={cn("h-9 px-3 py-1.5 align-middle first:pl-4 last:pr-4", className)} />;
}
