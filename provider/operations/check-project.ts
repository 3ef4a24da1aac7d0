import { Findings, throwErrors } from "../contract/findings";
import { quote } from "../contract/quote";
import type { CheckProjectArgs, CheckProjectResult, Subject } from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { gitLabPathFindings } from "../gitlab/paths";
import { subjectView } from "../gitlab/project-checks";
import { componentFindings, DEFAULT_COMPONENTS } from "../gitlab/sub-claim";
import { checkVersion } from "../gitlab/version";
import { isPattern } from "../iam/policy-text";
import { INTERNET, type Network } from "../issuer/connection";
import { examineProjects, type ComparedRole } from "../issuer/project";
import { describePolicy } from "../trust/describe";
import { checkTrustPolicyInputs } from "../trust/policy";
import { checkedAccess, withRest } from "./connection-args";
import { typedArgs } from "./typed-args";

/**
 * Whether a GitLab project is as the subjects of a role expect it, by GitLab's REST API.
 *
 * @throws InvalidInputsError if an argument cannot be used.
 */
export async function checkProject(args: CheckProjectArgs): Promise<CheckProjectResult> {
    return checkProjectOn(INTERNET, args);
}

/** The same on another network, for tests. */
export async function checkProjectOn(network: Network, args: CheckProjectArgs): Promise<CheckProjectResult> {
    const findings = new Findings();
    const given = typedArgs("checkProject", args, findings);
    const access = checkedAccess(given, findings);
    checkTarget(given, findings);
    checkRole(given, access.url, findings);
    throwErrors(findings);
    const { project, group, gitlabVersion } = given;
    const role = comparedRole(given, access.url);
    return withRest(network, access, (rest) =>
        examineProjects({
            rest,
            ...(project !== undefined && { project }),
            ...(group !== undefined && { group }),
            ...(role !== undefined && { role }),
            ...(gitlabVersion !== undefined && { gitlabVersion }),
        }),
    );
}

/** Reports a path that is not that of one project. */
export function checkOneProject(path: unknown, findings: Findings): void {
    if (typeof path !== "string") {
        return;
    }
    if (isPattern(path)) {
        findings.add("path-wildcard", "project", `${quote(path)} has a wildcard.`, "Write the path of one project.");
    } else {
        findings.addAll(gitLabPathFindings("project", path, "project"));
    }
}

function checkTarget({ project, group, subjects, trustPolicy }: CheckProjectArgs, findings: Findings): void {
    checkOneProject(project, findings);
    if (typeof group === "string") {
        findings.addAll(gitLabPathFindings("group", group, "group"));
    }
    for (const [[a, first], [b, second]] of [
        [
            ["project", project],
            ["group", group],
        ],
        [
            ["subjects", subjects],
            ["trustPolicy", trustPolicy],
        ],
    ] as const) {
        if (first !== undefined && second !== undefined) {
            findings.add("required", a, `cannot be combined with \`${b}\`.`, `Use either \`${a}\` or \`${b}\`.`);
        }
    }
    if ([project, group, subjects, trustPolicy].every((value) => value === undefined)) {
        findings.add(
            "required",
            "project",
            "is missing, and so are `group`, `subjects` and `trustPolicy`.",
            'Write the path of the project: "mygroup/myproject".',
        );
    }
}

/** Reports what is wrong with the inputs of the role, as `PipelineRole` does. The ARN of its identity provider does not matter. */
function checkRole(given: CheckProjectArgs, url: string, findings: Findings): void {
    const { subjects, subClaimComponents, gitlabVersion } = given;
    if (subjects === undefined) {
        findings.addAll(componentFindings(subClaimComponents, "subClaimComponents"));
        checkVersion(gitlabVersion, url, "gitlabVersion", findings);
        return;
    }
    const issuer = url === GITLAB_COM ? issuerOf(url) : "gitlab.example.com";
    checkTrustPolicyInputs(
        {
            providerArn: `arn:aws:iam::111122223333:oidc-provider/${issuer}`,
            subjects,
            ...(subClaimComponents !== undefined && { subClaimComponents }),
            ...(gitlabVersion !== undefined && { gitlabVersion }),
        },
        "",
        findings,
    );
}

function comparedRole(given: CheckProjectArgs, url: string): ComparedRole | undefined {
    const { subjects, trustPolicy, subClaimComponents } = given;
    const roleOf = (list: readonly Subject[], components = DEFAULT_COMPONENTS): ComparedRole => ({
        subjects: list.map((subject, i) => subjectView(subject, `subjects[${String(i)}]`, components)),
        components,
    });
    if (trustPolicy === undefined) {
        return subjects === undefined ? undefined : roleOf(subjects, subClaimComponents);
    }
    const declared = subClaimComponents === undefined ? {} : { subClaimComponents };
    const ofInstance = describePolicy({ trustPolicy, url, ...declared });
    const described = ofInstance.providerArn === undefined ? describePolicy({ trustPolicy, ...declared }) : ofInstance;
    return {
        ...roleOf(described.subjects, described.subClaimComponents ?? subClaimComponents),
        ...(described.url !== undefined && { issuer: described.url }),
        unexplained: described.unexplained.map(({ path, reason }) => `${path}: ${reason}`),
    };
}
