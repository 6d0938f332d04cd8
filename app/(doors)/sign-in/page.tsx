import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ownPage } from "@/lib/domain/own-page";
import { signInProblemInWords } from "@/lib/domain/sign-in-problems";
import { signedOutInWords } from "@/lib/domain/signed-out";
import { readSession } from "@/lib/reads/accounts";
import { SignInView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Sign in" };

type Asked = string | string[] | undefined;
type Props = { searchParams: Promise<{ next?: Asked; problem?: Asked; signedOut?: Asked }> };

export default async function SignInPage({ searchParams }: Props) {
  const asked = await searchParams;
  const next = ownPage(first(asked.next));
  const problem = first(asked.problem);
  const { me, setUp, oidc } = readSession();
  if (me !== null) redirect(next);
  if (setUp) redirect(problem === undefined ? "/set-up" : `/set-up?${new URLSearchParams({ problem })}`);
  return (
    <SignInView
      next={next}
      provider={oidc?.name ?? null}
      problem={signInProblemInWords(problem)}
      signedOut={oidc && signedOutInWords(first(asked.signedOut), oidc.name)}
    />
  );
}

function first(asked: Asked): string | undefined {
  return typeof asked === "string" ? asked : asked?.[0];
}
