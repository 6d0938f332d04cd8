import { describe } from "vitest";
import { accountsContract } from "./store/accounts";
import { changesContract } from "./store/changes";
import type { OpenStore } from "./store/given";
import { growthContract } from "./store/growth";
import { guardsContract } from "./store/guards";
import { identitiesContract } from "./store/identities";
import { importsContract } from "./store/imports";
import { jobsContract } from "./store/jobs";
import { listsContract } from "./store/lists";
import { locksContract } from "./store/locks";
import { longListsContract } from "./store/long-lists";
import { matchingContract } from "./store/matching";
import { parametersContract } from "./store/parameters";
import { plansContract } from "./store/plans";
import { queueContract } from "./store/queue";
import { recoveryContract } from "./store/recovery";
import { runOrderContract } from "./store/run-order";
import { secretsContract } from "./store/secrets";
import { slicesContract } from "./store/slices";
import { transactionsContract } from "./store/transactions";
import { usageContract } from "./store/usage";
import { workersContract } from "./store/workers";
import { writeOrderContract } from "./store/write-order";

/**
 * What the application relies on, whichever database it stands on. Another database is added by one more call.
 * @param open opens an empty database of its own each time
 */
export function storeContract(name: string, open: OpenStore): void {
  describe(`the store on ${name}`, () => {
    jobsContract(open);
    changesContract(open);
    locksContract(open);
    queueContract(open);
    listsContract(open);
    runOrderContract(open);
    guardsContract(open);
    transactionsContract(open);
    writeOrderContract(open);
    usageContract(open);
    plansContract(open);
    importsContract(open);
    recoveryContract(open);
    secretsContract(open);
    parametersContract(open);
    workersContract(open);
    matchingContract(open);
    longListsContract(open);
    growthContract(open);
    slicesContract(open);
    accountsContract(open);
    identitiesContract(open);
  });
}
