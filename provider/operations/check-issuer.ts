import type { CheckIssuerArgs, CheckIssuerResult } from "../contract/types";
import { examineIssuer } from "../issuer/check";
import { INTERNET, type Network } from "../issuer/connection";
import { checkedArgs } from "./check-issuer-args";

/**
 * Whether AWS can use a GitLab instance as issuer, seen from here: every check with its id, and how it came out.
 *
 * @throws InvalidInputsError where an argument cannot be used.
 */
export async function checkIssuer(args: CheckIssuerArgs): Promise<CheckIssuerResult> {
    return checkIssuerOn(INTERNET, args);
}

/** The same by way of another network than this machine's: for tests. */
export async function checkIssuerOn(network: Network, args: CheckIssuerArgs): Promise<CheckIssuerResult> {
    return examineIssuer(checkedArgs(args), network);
}
