import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { tv, type VariantProps } from "tailwind-variants";
import { cn } from "./cn";

export const buttonStyle = tv({
  base: "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-3.5 [&_svg]:shrink-0",
  variants: {
    look: {
      main: "bg-accent text-accent-fg enabled:hover:bg-accent/88 [a&]:hover:bg-accent/88",
      plain: "border border-line bg-surface text-fg enabled:hover:bg-raised [a&]:hover:bg-raised",
      quiet:
        "text-muted enabled:hover:bg-raised enabled:hover:text-fg [a&]:hover:bg-raised [a&]:hover:text-fg",
      danger: "border border-bad/45 bg-surface text-bad enabled:hover:bg-bad/10",
      "danger-main": "bg-bad text-surface enabled:hover:bg-bad/88",
    },
    size: {
      sm: "h-7 px-2 text-xs max-md:h-9 max-md:px-3",
      md: "h-8 px-3 text-sm max-md:h-10 max-md:px-4",
      icon: "size-7 max-md:size-9",
    },
  },
  defaultVariants: { look: "plain", size: "md" },
});

type Style = VariantProps<typeof buttonStyle>;
type ButtonProps = Omit<ComponentProps<"button">, "className"> &
  Style & {
    className?: string | undefined;
    /** The command is under way: the button says so and takes no second press. */
    busy?: boolean | undefined;
    icon?: ReactNode;
  };

export function Button({
  look,
  size,
  className,
  busy = false,
  icon,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cn(buttonStyle({ look, size }), className)}
    >
      {busy ? <LoaderCircle aria-hidden className="motion-safe:animate-spin" /> : icon}
      {children}
    </button>
  );
}

type ButtonLinkProps = Omit<ComponentProps<typeof Link>, "className"> &
  Style & { className?: string | undefined; icon?: ReactNode };

export function ButtonLink({ look, size, className, icon, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={cn(buttonStyle({ look, size }), className)}>
      {icon}
      {children}
    </Link>
  );
}
