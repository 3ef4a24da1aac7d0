import { Findings } from "../contract/findings";
import { checkKey } from "../contract/key";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { GetGitlabCiArgs, GitLabCiRole } from "../contract/types";
import { known, type MaybeUnknown } from "../contract/unknown";
import { issuerUrlFindings, GITLAB_COM } from "../gitlab/issuer-url";
import { componentsIn } from "../gitlab/sub-claim";
import { isRoleArn, partitionOf } from "../iam/arn";
import { checkRoleArn } from "../iam/role-arn";
import { audienceFindings } from "../iam/audiences";
import { checkSubjectList } from "../trust/subject";
import { checkEnvironment } from "./environment";
import type { Given } from "./given";
import { checkGitLabCi } from "./options";
import { checkPrivateImage } from "./private-image";

type Known<T> = Exclude<MaybeUnknown<T>, symbol>;

/** Reports everything that is wrong with the roles of a CI configuration. */
export function checkCiInputs(inputs: Known<GetGitlabCiArgs>, findings: Findings): void {
    const url = known(inputs.url ?? GITLAB_COM);
    const ofUrl = url === undefined ? [] : issuerUrlFindings(url, "url");
    findings.addAll(ofUrl);
    const soundUrl = ofUrl.length === 0 ? url : undefined;
    const audience = known(inputs.audience);
    if (audience !== undefined) {
        findings.addAll(audienceFindings(audience, url, "audience"));
    }
    const roleArns = known(inputs.roleArns);
    const roles = known(inputs.roles) ?? {};
    if (roleArns !== undefined) {
        checkRoleArns(roleArns, Object.keys(roles), findings);
    }
    for (const [name, maybe] of Object.entries(roles)) {
        checkRoleSubjects(maybe, soundUrl, property(key("roles", name), "subjects"), findings);
    }
    checkGitLabCi(
        { options: inputs.gitlabCi, path: "gitlabCi" },
        Object.entries(roleArns ?? {}).map(([name, arn]) => {
            const role = Object.hasOwn(roles, name) ? known(roles[name]!) : undefined;
            return {
                key: name,
                own: { options: role?.gitlabCi, path: property(key("roles", name), "gitlabCi") },
                maxSessionDuration: role?.maxSessionDuration,
                partition: typeof arn === "string" && isRoleArn(arn) ? partitionOf(arn) : undefined,
            };
        }),
        findings,
    );
}

function checkRoleArns(
    roleArns: Readonly<Record<string, MaybeUnknown<string>>>,
    roles: readonly string[],
    findings: Findings,
): void {
    const names = Object.keys(roleArns);
    if (names.length === 0) {
        findings.add("required", "roleArns", "is empty, so there is no job to generate.", "Add a role.");
    }
    for (const [name, maybe] of Object.entries(roleArns)) {
        const roleArn = known(maybe);
        checkKey(name, key("roleArns", name), findings);
        if (roleArn !== undefined) {
            checkRoleArn(roleArn, key("roleArns", name), findings);
        }
    }
    for (const name of roles.filter((role) => !names.includes(role))) {
        findings.add(
            "key",
            key("roles", name),
            "is not a key of `roleArns`, so no job is generated for it.",
            `Keys there are ${names.map(quote).join(", ")}.`,
        );
    }
}

/** Reports a job that cannot start, or that AWS denies, although its options are valid. */
export function checkCiJobs(inputs: Known<GetGitlabCiArgs>, findings: Findings): void {
    const common: Given = { options: inputs.gitlabCi, path: "gitlabCi" };
    const roles = known(inputs.roles) ?? {};
    checkPrivateImage(common, findings);
    for (const [name, maybe] of Object.entries(roles)) {
        const path = key("roles", name);
        const own: Given = { options: known(maybe)?.gitlabCi, path: property(path, "gitlabCi") };
        checkPrivateImage(own, findings);
        checkEnvironment({ path, subjects: known(maybe)?.subjects, components: undefined, own, common }, findings);
    }
}

/** The sub claim components of the projects are not known here, but a raw `sub` names its own. */
function checkRoleSubjects(
    maybe: MaybeUnknown<GitLabCiRole>,
    url: string | undefined,
    path: string,
    findings: Findings,
): void {
    const subjects = known(known(maybe)?.subjects);
    if (subjects !== undefined) {
        const componentsOf = (sub: string | undefined) => (sub === undefined ? undefined : componentsIn(sub));
        checkSubjectList(
            subjects,
            (subject) => ({ url, components: componentsOf(known(known(subject)?.sub)) }),
            path,
            findings,
        );
    }
}
