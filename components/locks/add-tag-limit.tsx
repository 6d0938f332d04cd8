"use client";

import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { useSetLimit } from "@/lib/client/locks";

export function AddTagLimit() {
  const [tag, setTag] = useState("");
  const [maxRuns, setMaxRuns] = useState("");
  const save = useSetLimit(() => {
    setTag("");
    setMaxRuns("");
  });
  const valid = tag.trim() !== "" && /^[1-9]\d{0,4}$/.test(maxRuns.trim());
  return (
    <form
      className="flex flex-wrap items-end gap-x-3 gap-y-2 border-t border-line px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) save.mutate({ name: `tag:${tag.trim()}`, maxRuns: Number(maxRuns) });
      }}
    >
      <Field label="Tag" className="w-40">
        {(control) => (
          <Input
            {...control}
            placeholder="retail"
            value={tag}
            onChange={(event) => setTag(event.target.value)}
          />
        )}
      </Field>
      <Field label="Max concurrent runs" className="w-32">
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder="4"
            value={maxRuns}
            onChange={(event) => setMaxRuns(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={save.isPending} disabled={!valid}>
        Add limit
      </Button>
      <ProblemNotice error={save.error} title="The limit was not set" className="w-full" />
    </form>
  );
}
