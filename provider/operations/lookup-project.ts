import { Findings, throwErrors } from "../contract/findings";
import { quote } from "../contract/quote";
import type { LookupProjectArgs, LookupProjectResult, SubClaimComponent } from "../contract/types";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { accessFault, readMetadata, readProject } from "../gitlab/rest";
import { componentFindings } from "../gitlab/sub-claim";
import { Fault, INTERNET, type Network } from "../issuer/connection";
import { projectAt } from "../issuer/project";
import { apiFault, RestClient, type RestInputs } from "../issuer/rest-client";
import { checkOneProject } from "./check-project";
import { checkedAccess, withRest } from "./connection-args";
import { typedArgs } from "./typed-args";

/**
 * The path, ID and settings of a GitLab project, named as the inputs that accept them.
 *
 * @throws InvalidInputsError if an argument cannot be used, or if GitLab does not return the project.
 */
export async function lookupProject(args: LookupProjectArgs): Promise<LookupProjectResult> {
    return lookupProjectOn(INTERNET, args);
}

/** The same on another network, for tests. */
export async function lookupProjectOn(network: Network, args: LookupProjectArgs): Promise<LookupProjectResult> {
    const findings = new Findings();
    const given = typedArgs("lookupProject", args, findings);
    const access = checkedAccess(given, findings);
    checkOneProject(given.project, findings);
    throwErrors(findings);
    const found = await withRest(network, access, (rest) => lookedUp(rest, given.project, findings));
    throwErrors(findings);
    return found!;
}

async function lookedUp(rest: RestInputs, path: string, findings: Findings): Promise<LookupProjectResult | undefined> {
    const client = new RestClient(rest);
    try {
        const [reply, version] = await Promise.all([
            client.one(projectAt(path), readProject),
            rest.url === GITLAB_COM ? undefined : client.one("metadata", readMetadata),
        ]);
        if ("status" in reply) {
            const { message, fix } = accessFault(reply.status, quote(path), client.hasToken);
            findings.add("project-lookup", "project", message, fix);
            return undefined;
        }
        const { project, projectId, subClaimComponents, defaultBranch } = reply.value;
        findings.addAll(componentFindings(subClaimComponents, "project"));
        return {
            project,
            projectId,
            ...(subClaimComponents !== undefined && {
                subClaimComponents: subClaimComponents as readonly SubClaimComponent[],
            }),
            ...(version !== undefined && "value" in version && { gitlabVersion: version.value }),
            ...(defaultBranch !== undefined && { defaultBranch }),
        };
    } catch (error) {
        if (!(error instanceof Fault)) {
            throw error;
        }
        const { message, fix } = apiFault(rest.url, error);
        findings.add("project-lookup", "url", message, fix);
        return undefined;
    }
}
