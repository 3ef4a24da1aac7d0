import type { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { GitLabCiEnvironment, GitLabCiOptions, SubClaimComponent, Subject } from "../contract/types";
import { isComplete, known, type MaybeUnknown } from "../contract/unknown";
import { guessTier, TIERS } from "../gitlab/environments";
import { ciFormOf, optionOf, type Given } from "./given";
import { fieldsOfSubject, needsEnvironment, tierOf } from "./rules";

/** The environment of a job, in one form. */
export function environmentOf(option: Exclude<GitLabCiOptions["environment"], undefined>): GitLabCiEnvironment {
    return typeof option === "string" ? { name: option } : option;
}

/** A role and its options, as far as known. */
interface CiSubjects {
    /** Path of the role's inputs. */
    readonly path: string;
    readonly subjects: MaybeUnknown<readonly Subject[] | undefined>;
    /** Undefined if not known. */
    readonly components: readonly SubClaimComponent[] | undefined;
    readonly own?: Given;
    readonly common: Given;
}

/** Reports a job that AWS denies because of its environment, or because it has none. */
export function checkEnvironment({ path, components, own, common, ...role }: CiSubjects, findings: Findings): void {
    const subjects = known(role.subjects);
    const areSound = !findings.errors.some((error) => error.path.startsWith(property(path, "subjects")));
    if (!areSound || subjects === undefined || subjects.length === 0 || !isComplete<readonly Subject[]>(subjects)) {
        return;
    }
    const option = optionOf("environment", own, common);
    if (option === undefined) {
        checkMissing(subjects, { path, own, common }, findings);
    } else if (option.value !== undefined) {
        checkTier({ ...environmentOf(option.value), at: option.at }, { path, subjects, components }, findings);
    }
}

function checkMissing(
    subjects: readonly Subject[],
    { path, own, common }: Pick<CiSubjects, "path" | "own" | "common">,
    findings: Findings,
): void {
    const form = ciFormOf(common);
    const name = optionOf("jobName", own, common);
    // A template is not a job: those that extend it can have an environment.
    const isJob =
        form === "job" || (form === "secrets" && (name === undefined || name.value?.startsWith(".") === false));
    if (isJob && needsEnvironment(subjects)) {
        const tier = tierOf(subjects);
        findings.add(
            "ci-environment",
            property(property(path, "gitlabCi"), "environment"),
            "is missing, but the subjects trust only jobs with an environment: AWS denies the generated job.",
            `Add environment: ${quote(tier ?? "production")}. Ignore this if you write the job yourself.`,
        );
    }
}

function checkTier(
    { name, tier, at }: GitLabCiEnvironment & { readonly at: string },
    { path, subjects, components }: Pick<CiSubjects, "path" | "components"> & { readonly subjects: readonly Subject[] },
    findings: Findings,
): void {
    const ofSubjects = path === "" ? "`subjects`" : `\`${property(path, "subjects")}\``;
    const declared = (components ?? []).filter((c) => c === "deployment_tier" || c === "environment_protected");
    const allowing = subjects.filter((subject) => declared.length === 0 || needsEnvironment([subject]));
    if (allowing.length === 0) {
        const fields = {
            deployment_tier: 'deploymentTier: "production"',
            environment_protected: "environmentProtected: true",
        };
        findings.add(
            "ci-conflict",
            at,
            `is ${quote(name)}, but ${ofSubjects} trust only jobs without an environment: GitLab adds ${declared.map((c) => `\`${c}\``).join(" and ")} to the \`sub\` of a job with one, and no subject has that.`,
            `Add ${declared.map((c) => fields[c]).join(" and ")} to a subject, or remove the environment.`,
        );
        return;
    }
    const tiers = [...new Set(allowing.map((subject) => fieldsOfSubject(subject).deploymentTier))];
    const isTrusted = (other: string): boolean => tiers.some((t) => t === undefined || t === "*" || t === other);
    const listed = tiers.map((t) => quote(t!)).join(", ");
    if (tier !== undefined && TIERS.includes(tier) && !isTrusted(tier)) {
        findings.add(
            "ci-conflict",
            property(at, "tier"),
            `is ${quote(tier)}, but ${ofSubjects} trust only jobs with an environment of the tier ${listed}: AWS would deny every job.`,
            `Write one of the tiers in ${ofSubjects}, or add a subject with deploymentTier: ${quote(tier)}.`,
        );
    }
    const guess = guessTier(name);
    if (tier === undefined && tierOf(subjects) === undefined && guess !== undefined && !isTrusted(guess)) {
        findings.add(
            "ci-environment",
            at,
            `is ${quote(name)}, which means the tier ${quote(guess)} to GitLab, but ${ofSubjects} trust only ${listed}: AWS denies the job, unless the environment has another tier already.`,
            `Write environment: { name: ${quote(name)}, tier: ${quote(tiers[0])} }.`,
        );
    }
}
