import { cn } from "@/components/ui/cn";

/** The exact array a program is given, one chip an argument; blanks and empty texts are made visible. */
export function ArgvChips({
  argv,
  label = "Program and arguments",
  program = true,
}: {
  argv: readonly string[];
  label?: string;
  /** Whether the first one is the program. */
  program?: boolean;
}) {
  return (
    <ol className="flex min-w-0 flex-wrap gap-1" aria-label={label}>
      {argv.map((word, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: an argument is its place
          key={index}
          className={cn(
            "max-w-full rounded-sm border border-line bg-raised px-1.5 py-px font-mono text-xs whitespace-pre-wrap wrap-anywhere",
            program && index === 0 && "border-accent/40 font-semibold",
          )}
        >
          {word === "" ? <span className="text-faint italic">empty</span> : word}
        </li>
      ))}
    </ol>
  );
}
