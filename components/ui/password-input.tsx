"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { Input } from "./field";

type PasswordInputProps = Omit<ComponentProps<typeof Input>, "type">;

/** What is typed can be looked at: that finds more mistakes than typing it twice. */
export function PasswordInput({ className, ...rest }: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input
        {...rest}
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        className={cn("pr-9 max-md:pr-11", shown && "font-mono", className)}
      />
      <Button
        look="quiet"
        size="icon"
        aria-label="Show password"
        aria-pressed={shown}
        title={shown ? "Hide password" : "Show password"}
        onClick={() => setShown(!shown)}
        className="absolute top-1/2 right-0.5 size-7 -translate-y-1/2 max-md:size-9"
      >
        {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </Button>
    </div>
  );
}
