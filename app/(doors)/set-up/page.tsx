import type { Metadata } from "next";
import { signInProblemInWords } from "@/lib/domain/sign-in-problems";
import { readSession } from "@/lib/reads/accounts";
import { SetUpView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Set up" };

type Props = { searchParams: Promise<{ problem?: string | string[] }> };

export default async function SetUpPage({ searchParams }: Props) {
  const { problem } = await searchParams;
  const { me, setUp, oidc } = readSession();
  return (
    <SetUpView
      done={!setUp}
      signedIn={me !== null}
      provider={oidc?.name ?? null}
      problem={signInProblemInWords(typeof problem === "string" ? problem : problem?.[0])}
    />
  );
}
