import { buttonStyle } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";

type ProviderSignInProps = { name: string; next: string; instead: string };

/** The browser itself goes to the provider and comes back, so this is a link out of the app and not a request of the page. */
export function ProviderSignIn({ name, next, instead }: ProviderSignInProps) {
  return (
    <>
      <a
        href={`/api/v1/oidc/start?${new URLSearchParams({ next })}`}
        className={cn(buttonStyle({ look: "plain" }), "h-9 w-full max-md:h-11")}
      >
        <span className="truncate">Sign in with {name}</span>
      </a>
      <p className="flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {instead}
      </p>
    </>
  );
}
