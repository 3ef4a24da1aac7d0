import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { SubClaimComponent, Subject } from "../contract/types";
import { known, type MaybeUnknown } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { MERGE_REQUEST_EVENT } from "../gitlab/pipeline-source";
import { parseSub } from "../gitlab/sub-claim";

type SubjectView = Exclude<MaybeUnknown<Subject>, symbol>;

/** The issuer and the sub claim of the subject's projects; undefined if not known yet. */
interface MergeRequestContext {
    readonly url: string | undefined;
    readonly components: readonly SubClaimComponent[] | undefined;
}

/** Reports a `mergeRequests` that contradicts the rest of its subject, or that AWS cannot check. */
export function checkMergeRequests(
    subject: SubjectView,
    { url, components }: MergeRequestContext,
    path: string,
    findings: Findings,
): void {
    const { mergeRequests } = subject;
    if (mergeRequests === undefined) {
        return;
    }
    const at = property(path, "mergeRequests");
    if (mergeRequests === false) {
        findings.add(
            "merge-requests",
            at,
            "is false, but AWS cannot exclude merge requests: it compares the pipeline source only with values that are listed.",
            url === undefined || url === GITLAB_COM
                ? 'Leave it out, or list the sources to trust: claims: { pipelineSource: ["push", "web", "schedule"] }.'
                : "Leave it out.",
        );
        return;
    }
    if (subject.tag !== undefined || tagOfSub(subject, components) !== undefined) {
        findings.add(
            "merge-requests",
            at,
            "is set for a tag, but a merge request pipeline runs on its source branch, so no job could match.",
            'Name the source branch instead of the tag, such as branch: "feature/*", or remove `mergeRequests`.',
        );
    }
    const sources = known(subject.claims)?.pipelineSource;
    if (sources !== undefined) {
        const others = (known(sources) ?? []).filter((source) => source !== MERGE_REQUEST_EVENT).map(shown);
        findings.add(
            "merge-requests",
            at,
            "is set in addition to `claims.pipelineSource`, but both define the pipeline source.",
            others.length === 0
                ? "Remove `claims.pipelineSource`."
                : `Keep one of the two. To trust ${others.join(", ")} too, remove \`mergeRequests\` and add ${quote(MERGE_REQUEST_EVENT)} to \`claims.pipelineSource\`.`,
        );
    }
    if (url !== undefined && url !== GITLAB_COM) {
        findings.add(
            "merge-requests-unchecked",
            at,
            `AWS supports the condition key \`pipeline_source\` only for gitlab.com. For ${quote(url)} the role also trusts every other pipeline of these branches, such as a push.`,
            "Name branches that only merge requests come from, and give the role only what any pipeline of them may do.",
        );
    }
}

function tagOfSub({ sub: maybe }: SubjectView, components: readonly SubClaimComponent[] | undefined): unknown {
    const sub = known(maybe);
    if (sub === undefined || components === undefined) {
        return undefined;
    }
    const parsed = parseSub(sub, components);
    return "why" in parsed ? undefined : parsed.tag;
}

function shown(source: MaybeUnknown<string>): string {
    const value = known(source);
    return value === undefined ? "the others" : quote(value);
}

/** The pipeline sources that the subject trusts, as far as it restricts them. */
export function pipelineSourcesOf({ mergeRequests, claims }: Subject): readonly string[] {
    return mergeRequests === true ? [MERGE_REQUEST_EVENT] : (claims?.pipelineSource ?? []);
}

/** The subject with `mergeRequests` as the claim that AWS checks. Only gitlab.com has a condition key for it. */
export function withSourceClaim({ mergeRequests, ...subject }: Subject, url: string): Subject {
    return mergeRequests === true && url === GITLAB_COM
        ? { ...subject, claims: { ...subject.claims, pipelineSource: [MERGE_REQUEST_EVENT] } }
        : subject;
}
