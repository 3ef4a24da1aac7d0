import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import { known, type MaybeUnknown } from "../contract/unknown";
import type { SubClaimComponent } from "../contract/types";
import { GITLAB_COM } from "./issuer-url";

type Version = readonly [major: number, minor: number, patch: number];

/** As GitLab writes its versions; a pre-release counts as its release. */
const FORM = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-(?:pre|rc\d+))?(?:[-.](?:ee|ce)(?:\.\d+)?)?$/;

function parseVersion(text: string): Version | undefined {
    const match = FORM.exec(text);
    return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Whether a version, which may leave out the patch, is that of an instance. */
export function isVersionOf(given: string, instance: string): boolean {
    const [own, actual] = [parseVersion(given), parseVersion(instance)];
    const length = /^\d+\.\d+\.\d/.test(given) ? 3 : 2;
    return own !== undefined && own.slice(0, length).join() === actual?.slice(0, length).join();
}

function isOlder(version: Version, than: string): boolean {
    const limit = parseVersion(than)!;
    const [difference = 0] = version.map((part, i) => part - limit[i]!).filter((d) => d !== 0);
    return difference < 0;
}

/** From this version on, the pipeline of a fork has the fork's `sub`, also if it runs in the parent project. */
const OWN_SUB_OF_FORKS = "18.2.2";
/** From this version on, a project at a path that another project had before gets no token whose `sub` begins with the path. */
const NO_RECLAIMED_PATHS = "19.1";

const OFFERED_SINCE: ReadonlyMap<string | symbol, string> = new Map<SubClaimComponent, string>([
    ["project_id", "19.1"],
    ["ref_protected", "18.7"],
    ["environment_protected", "18.7"],
    ["deployment_tier", "18.7"],
]);

/** Reports what is no version of GitLab, and one for gitlab.com. */
export function checkVersion(
    maybe: MaybeUnknown<string | undefined>,
    url: string | undefined,
    path: string,
    findings: Findings,
): void {
    const version = known(maybe);
    if (version === undefined) {
        return;
    }
    if (url === GITLAB_COM) {
        findings.add(
            "gitlab-version",
            path,
            "is only for self-managed instances: gitlab.com always runs the current version.",
            "Remove it, or set the `url` of the instance.",
        );
    } else if (parseVersion(version) === undefined) {
        const within = /\d+\.\d+(?:\.\d+)?/.exec(version)?.[0] ?? "<version of the instance>";
        findings.add(
            "gitlab-version",
            path,
            `${quote(version)} is not a version of GitLab.`,
            `Write it as the instance's page /help shows it: "${within}".`,
        );
    }
}

/** Reports declared sub claim components that the instance's version does not offer yet. */
export function checkOffered(
    components: MaybeUnknown<readonly string[] | undefined>,
    maybe: MaybeUnknown<string | undefined>,
    path: string,
    findings: Findings,
): void {
    const text = known(maybe);
    const version = parseVersion(text ?? "");
    for (const component of version === undefined ? [] : (known(components) ?? [])) {
        const since = OFFERED_SINCE.get(component);
        if (since !== undefined && isOlder(version!, since)) {
            findings.add(
                "sub-components",
                path,
                `has ${quote(component)}, which GitLab supports from version ${since} on. The instance has ${quote(text)}.`,
                `Update the instance to ${since} or later, or remove the component from the project's setting and from \`subClaimComponents\`.`,
            );
        }
    }
}

/** The instance and `sub` claim that a role trusts, as far as known. */
interface SelfManaged {
    readonly url: string | undefined;
    readonly components: readonly SubClaimComponent[] | undefined;
    readonly gitlabVersion: MaybeUnknown<string | undefined>;
}

/** Warns if a `sub` that begins with the project's path can come from another project, or if that is not known. */
export function checkSelfManaged(
    { url, components, gitlabVersion }: SelfManaged,
    path: string,
    findings: Findings,
): void {
    // An instance that offers `project_id` is new enough.
    if (url === undefined || url === GITLAB_COM || components === undefined || components.includes("project_id")) {
        return;
    }
    const at = property(path, "gitlabVersion");
    if (gitlabVersion === undefined) {
        findings.add(
            "self-managed-version",
            at,
            "is not set. Before GitLab 18.2.2, a fork's pipeline in the parent project has the parent's `sub`. Before 19.1, a new project at the path of a deleted or renamed one has it too. Both could assume the role.",
            'Set gitlabVersion: "<version of the instance>" (shown at /help), and update an instance older than 19.1.',
        );
        return;
    }
    const version = parseVersion(known(gitlabVersion) ?? "");
    if (version === undefined || !isOlder(version, NO_RECLAIMED_PATHS)) {
        return;
    }
    const written = quote(known(gitlabVersion));
    findings.add(
        "self-managed-version",
        at,
        isOlder(version, OWN_SUB_OF_FORKS)
            ? `${written} is older than ${OWN_SUB_OF_FORKS}. A fork's pipeline in the parent project has the parent's \`sub\`, as does a new project at the path of a deleted or renamed one. Both could assume the role.`
            : `${written} is older than ${NO_RECLAIMED_PATHS}. A new project at the path of a deleted or renamed one has its \`sub\`, and could assume the role.`,
        'Update the instance to 19.1 or later, then set gitlabVersion: "<version of the instance>". From 19.1 on, `project_id` can also begin the sub claim.',
    );
}
