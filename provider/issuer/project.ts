import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import type { CheckProjectResult, GitLabEnvironment, GitLabProject, ProjectCheck } from "../contract/types";
import { GITLAB_COM } from "../gitlab/issuer-url";
import {
    namedRefs,
    projectOutcomes,
    refKey,
    subjectsAbout,
    type ProjectOutcome,
    type ProjectView,
    type ExpectedTrust,
} from "../gitlab/project-checks";
import {
    accessFault,
    readEnvironment,
    readMetadata,
    readProject,
    readProtectedBranch,
    readProtectedEnvironment,
    readProtectedTag,
    readRef,
    rightText,
    type HidingStatus,
    type ProjectAnswer,
    type RefAnswer,
    type Seen,
} from "../gitlab/rest";
import { DEFAULT_COMPONENTS } from "../gitlab/sub-claim";
import { checkSelfManaged, checkVersion, isVersionOf } from "../gitlab/version";
import { isPattern } from "../iam/policy-text";
import { discoveryUrl, readDiscovery } from "../oidc/discovery";
import { Fault, faultWords } from "./connection";
import { fetchDocument } from "./request";
import { apiFault, RestClient, type RestInputs, type RestReply } from "./rest-client";

/** The role that projects are compared with. */
export interface ComparedRole extends ExpectedTrust {
    /** URL of the issuer that the role trusts, if known. */
    readonly issuer?: string;
    /** Parts of a trust policy that cannot be compared. Left out without a trust policy. */
    readonly unexplained?: readonly string[];
}

/** The projects to check, and the role to compare them with. */
export interface ProjectInputs {
    readonly rest: RestInputs;
    /** The project or group to check. Left out: those that the subjects name. */
    readonly project?: string;
    readonly group?: string;
    readonly role?: ComparedRole;
    /** The version that the role has for the instance. */
    readonly gitlabVersion?: string;
}

/** A project to read: its path or ID, and the path that was asked for, if any. */
interface ProjectTarget {
    readonly ref: string;
    readonly asked?: string;
}

/** A project or group that GitLab does not return. */
interface NoAccess {
    readonly name: string;
    readonly status: HidingStatus;
}

/** Reads projects from the REST API of an instance, and compares them with a role. */
export async function examineProjects(inputs: ProjectInputs): Promise<CheckProjectResult> {
    return new ProjectRun(inputs).all();
}

/** The path of a project in the API, by its path or ID. Source: GitLab, "REST API: Namespaced paths". */
export function projectAt(ref: string): string {
    return `projects/${encodeURIComponent(ref)}`;
}

/** Projects that are read at the same time. */
const AT_ONCE = 4;

class ProjectRun {
    private readonly client: RestClient;
    private fault: Fault | undefined;

    constructor(private readonly inputs: ProjectInputs) {
        this.client = new RestClient(inputs.rest);
    }

    async all(): Promise<CheckProjectResult> {
        const { role } = this.inputs;
        const [issuer, version, found] = await Promise.all([this.issuer(), this.version(), this.found()]);
        const views = found.flatMap((one) => ("answer" in one ? [one] : []));
        const checks = [
            this.apiOutcome(),
            this.issuerOutcome(issuer),
            this.versionOutcome(version),
            ...(role?.unexplained === undefined ? [] : [policyOutcome(role.unexplained)]),
            ...found.flatMap((one) => this.checksOf(one)),
        ];
        return {
            ok: !checks.some(({ status }) => status === "fail"),
            checks,
            projects: views.map(projectOf),
            ...(issuer.hidden === undefined && { issuer: issuer.value }),
            ...(version !== undefined && version.hidden === undefined && { gitlabVersion: version.value }),
        };
    }

    private checksOf(one: ProjectView | NoAccess): readonly ProjectCheck[] {
        const { role } = this.inputs;
        if (!("answer" in one)) {
            const { message, fix } = accessFault(one.status, quote(one.name), this.client.hasToken);
            return [{ id: "project-access", status: "fail", project: one.name, message, fix }];
        }
        const { project, projectId, defaultBranch } = one.answer;
        const branch = defaultBranch === undefined ? "no default branch" : `default branch ${quote(defaultBranch)}`;
        const outcomes: readonly ProjectOutcome[] = [
            { id: "project-access", status: "pass", message: `ID ${projectId}, ${branch}.` },
            ...(role === undefined ? [] : projectOutcomes(one, role)),
        ];
        return outcomes.map(({ id, status, ...others }) => ({ id, status, project, ...others }));
    }

    /** The value of a request that may fail. The first fault is reported. */
    private async tried<T>(request: Promise<T>): Promise<T | Fault> {
        try {
            return await request;
        } catch (error) {
            if (!(error instanceof Fault)) {
                throw error;
            }
            this.fault ??= error;
            return error;
        }
    }

    private async seen<T>(request: Promise<RestReply<T>>, needs: string): Promise<Seen<T>> {
        return this.seenIn(await this.tried(request), needs);
    }

    private seenIn<T>(reply: RestReply<T> | Fault, needs: string): Seen<T> {
        if (reply instanceof Fault) {
            return { hidden: "A request failed: see `rest-api`." };
        }
        return "value" in reply
            ? reply
            : { hidden: `GitLab responds with status ${String(reply.status)}. ${this.right(needs)}` };
    }

    private right(needs: string): string {
        return rightText({ needs, hasToken: this.client.hasToken });
    }

    private apiOutcome(): ProjectCheck {
        const id = "rest-api";
        return this.fault === undefined
            ? { id, status: "pass", message: "Every request returned a complete response." }
            : { id, status: "fail", ...apiFault(this.inputs.rest.url, this.fault) };
    }

    /** The `issuer` of the discovery document, which needs no token. */
    private async issuer(): Promise<Seen<string>> {
        const { url, route, seconds, signal } = this.inputs.rest;
        try {
            const limits = { seconds, maxBytes: 262_144, maxRedirects: 3, signal };
            const { answer } = await fetchDocument(discoveryUrl(url), route, limits);
            const issuer = answer.status === 200 ? readDiscovery(answer.body).value?.issuer : undefined;
            return issuer === undefined
                ? { hidden: `Status ${String(answer.status)}, without an \`issuer\`.` }
                : { value: issuer };
        } catch (error) {
            if (!(error instanceof Fault)) {
                throw error;
            }
            return { hidden: `It cannot be read: ${faultWords(error)}.` };
        }
    }

    private issuerOutcome(issuer: Seen<string>): ProjectCheck {
        const id = "instance-issuer";
        const { rest, role } = this.inputs;
        const expected = role?.issuer ?? rest.url;
        if (issuer.hidden !== undefined) {
            return { id, status: "skipped", message: `Skipped: no discovery document. ${issuer.hidden}` };
        }
        if (issuer.value === expected) {
            return { id, status: "pass", message: `The issuer is ${quote(issuer.value)}.` };
        }
        return role?.issuer === undefined
            ? {
                  id,
                  status: "warn",
                  message: `The discovery document of the instance has the issuer ${quote(issuer.value)}, not ${quote(expected)}. AWS compares the issuer of tokens exactly.`,
                  fix: `Use url: ${quote(issuer.value)} for the identity provider and the role.`,
              }
            : {
                  id,
                  status: "warn",
                  message: `The discovery document of the instance has the issuer ${quote(issuer.value)}, but the role trusts ${quote(expected)}. If tokens have this issuer, AWS denies every job.`,
                  fix: `Use the identity provider of ${quote(issuer.value)}. If the instance sets \`ci_id_tokens_issuer_url\` to ${quote(expected)}, nothing needs to change.`,
              };
    }

    private async version(): Promise<Seen<string> | undefined> {
        const { url } = this.inputs.rest;
        return url === GITLAB_COM
            ? undefined
            : this.seen(this.client.one("metadata", readMetadata), "any role on the instance");
    }

    private versionOutcome(version: Seen<string> | undefined): ProjectCheck {
        const id = "instance-version";
        const { rest, role, gitlabVersion } = this.inputs;
        if (version === undefined) {
            return { id, status: "pass", message: "gitlab.com always runs the current version." };
        }
        if (version.hidden !== undefined) {
            return { id, status: "skipped", message: `Skipped: the version is not visible. ${version.hidden}` };
        }
        const findings = new Findings();
        const components = role?.components ?? DEFAULT_COMPONENTS;
        checkVersion(version.value, rest.url, "", findings);
        checkSelfManaged({ url: rest.url, components, gitlabVersion: version.value }, "", findings);
        const problems = [...findings.errors, ...findings.warnings].map(({ message, fix }) => ({ message, fix }));
        if (gitlabVersion !== undefined && !isVersionOf(gitlabVersion, version.value)) {
            problems.push({
                message: `gitlabVersion is ${quote(gitlabVersion)}, but the instance has ${quote(version.value)}.`,
                fix: `Set gitlabVersion: ${quote(version.value)}.`,
            });
        }
        const text = (part: "message" | "fix"): string => problems.map((problem) => problem[part]).join(" ");
        return problems.length === 0
            ? { id, status: "pass", message: `The version is ${quote(version.value)}.` }
            : { id, status: "warn", message: text("message"), fix: text("fix") };
    }

    /** The projects to check, read one after the other, a few at a time. Each is read once. */
    private async found(): Promise<readonly (ProjectView | NoAccess)[]> {
        const targets = await this.targets();
        const found = new Array<ProjectView | NoAccess | undefined>(targets.length);
        const entries = targets.entries();
        const work = async (): Promise<void> => {
            for (const [i, target] of entries) {
                found[i] = "ref" in target ? await this.view(target) : target;
            }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
        const byId = new Map<string, ProjectView | NoAccess>();
        for (const one of found) {
            if (one !== undefined) {
                const key = "answer" in one ? one.answer.projectId : one.name;
                const other = byId.get(key);
                byId.set(key, other !== undefined && "answer" in other && "answer" in one ? joined(other, one) : one);
            }
        }
        return [...byId.values()];
    }

    private async targets(): Promise<readonly (ProjectTarget | NoAccess)[]> {
        const { project, group, role } = this.inputs;
        if (project !== undefined) {
            return [{ ref: project, asked: project }];
        }
        if (group !== undefined) {
            return this.projectsBelow(group, () => true);
        }
        const subjects = role?.subjects ?? [];
        const groups = new Set<string>();
        const targets = new Map<string, ProjectTarget>();
        for (const { project: path, group: above, projectId } of subjects) {
            if (path !== undefined && !isPattern(path)) {
                targets.set(path, { ref: path, asked: path });
            } else if (path !== undefined || above !== undefined) {
                groups.add(above ?? path!.slice(0, path!.search(/\/[^/]*[*?]/)));
            } else if (projectId !== undefined && !isPattern(projectId)) {
                targets.set(projectId, { ref: projectId });
            }
        }
        const isMeant = (answer: ProjectAnswer): boolean =>
            subjectsAbout(subjects, { answer, formerPaths: [] }).length > 0;
        const below = await Promise.all([...groups].map((one) => this.projectsBelow(one, isMeant)));
        return [...targets.values(), ...below.flat()];
    }

    /** The projects below a group at any depth. Source: GitLab, "Groups API: List projects". */
    private async projectsBelow(
        group: string,
        isMeant: (answer: ProjectAnswer) => boolean,
    ): Promise<readonly (ProjectTarget | NoAccess)[]> {
        const options = "include_subgroups=true&with_shared=false&archived=false&simple=true&order_by=id&sort=asc";
        const path = `groups/${encodeURIComponent(group)}/projects?${options}`;
        const reply = await this.tried(this.client.all(path, readProject));
        if (reply instanceof Fault) {
            return [];
        }
        return "value" in reply
            ? reply.value.filter(isMeant).map(({ projectId }) => ({ ref: projectId }))
            : [{ name: group, status: reply.status }];
    }

    private async view({ ref, asked }: ProjectTarget): Promise<ProjectView | NoAccess | undefined> {
        const reply = await this.tried(this.client.one(projectAt(ref), readProject));
        if (reply instanceof Fault) {
            return undefined;
        }
        if ("status" in reply) {
            return { name: asked ?? ref, status: reply.status };
        }
        const { value: answer } = reply;
        const formerPaths = await this.formerPaths(answer, asked);
        const subjects = subjectsAbout(this.inputs.role?.subjects ?? [], { answer, formerPaths });
        const at = projectAt(answer.projectId);
        const [protectedBranches, protectedTags, environments, protection, refs] = await Promise.all([
            this.seen(this.client.all(`${at}/protected_branches`, readProtectedBranch), MAINTAINER),
            this.seen(this.client.all(`${at}/protected_tags`, readProtectedTag), MAINTAINER),
            this.seen(this.client.all(`${at}/environments?states=available`, readEnvironment), REPORTER),
            this.seen(this.client.all(`${at}/protected_environments`, readProtectedEnvironment), PREMIUM),
            Promise.all(
                namedRefs(subjects).map(
                    async ([kind, name]) => [refKey(kind, name), await this.ref(answer, kind, name)] as const,
                ),
            ),
        ]);
        return {
            answer,
            isNamed: asked !== undefined,
            settingNeeds: this.right(MAINTAINER),
            formerPaths,
            protectedBranches,
            protectedTags,
            environments: withProtection(environments, protection),
            ...(protection.hidden !== undefined && { protectionHidden: protection.hidden }),
            refs: new Map(refs),
        };
    }

    /** The paths of subjects from which GitLab redirects to the project. */
    private async formerPaths({ project, projectId }: ProjectAnswer, asked?: string): Promise<readonly string[]> {
        const isOther = (path: string): boolean => path.toLowerCase() !== project.toLowerCase();
        const own = asked !== undefined && isOther(asked) && asked !== projectId ? [asked] : [];
        if (this.inputs.project === undefined) {
            return own;
        }
        const paths = (this.inputs.role?.subjects ?? []).flatMap(({ project: path }) => path ?? []);
        const others = [...new Set(paths)].filter((path) => isOther(path) && path !== asked && !isPattern(path));
        const replies = await Promise.all(
            others.map((path) => this.tried(this.client.one(projectAt(path), readProject))),
        );
        const isHere = (reply: (typeof replies)[number]): boolean =>
            !(reply instanceof Fault) && "value" in reply && reply.value.projectId === projectId;
        return [...own, ...others.filter((_, i) => isHere(replies[i]!))];
    }

    /** A branch or tag, undefined if it does not exist. Source: GitLab, "Branches API" and "Tags API". */
    private async ref(
        { projectId, readsCode }: ProjectAnswer,
        kind: "branch" | "tag",
        name: string,
    ): Promise<Seen<RefAnswer | undefined>> {
        const folder = kind === "branch" ? "branches" : "tags";
        const path = `${projectAt(projectId)}/repository/${folder}/${encodeURIComponent(name)}`;
        const reply = await this.tried(this.client.one(path, readRef));
        return !(reply instanceof Fault) && "status" in reply && reply.status === 404 && readsCode
            ? { value: undefined }
            : this.seenIn(reply, REPORTER);
    }
}

const REPORTER = "the role Reporter";
const MAINTAINER = "the role Maintainer";
const PREMIUM = "the role Maintainer, and the instance GitLab Premium or Ultimate";

function policyOutcome(unexplained: readonly string[]): ProjectCheck {
    const id = "trust-policy";
    return unexplained.length === 0
        ? { id, status: "pass", message: "All statements that allow jobs are compared." }
        : {
              id,
              status: "warn",
              message: `Not compared: ${unexplained.join(" ")}`,
              fix: "Check these parts with `aws-gitlab-oidc lint`.",
          };
}

function withProtection(
    environments: Seen<readonly Pick<GitLabEnvironment, "name" | "tier">[]>,
    protection: Seen<readonly Required<Pick<GitLabEnvironment, "name" | "deploy">>[]>,
): Seen<readonly GitLabEnvironment[]> {
    if (environments.hidden !== undefined || protection.hidden !== undefined) {
        return environments;
    }
    const deploy = new Map(protection.value.map((rule) => [rule.name, rule.deploy]));
    return {
        value: environments.value.map(({ name, tier }) => {
            const who = deploy.get(name);
            return { name, tier, protected: who !== undefined, ...(who !== undefined && { deploy: who }) };
        }),
    };
}

/** A project that was found in two ways. */
function joined(one: ProjectView, other: ProjectView): ProjectView {
    return {
        ...one,
        isNamed: one.isNamed || other.isNamed,
        formerPaths: [...new Set([...one.formerPaths, ...other.formerPaths])],
        refs: new Map([...one.refs, ...other.refs]),
    };
}

function projectOf({ answer, protectedBranches, protectedTags, environments }: ProjectView): GitLabProject {
    const { project, projectId, subClaimComponents, defaultBranch } = answer;
    return {
        project,
        projectId,
        ...(subClaimComponents !== undefined && { subClaimComponents }),
        ...(defaultBranch !== undefined && { defaultBranch }),
        ...(protectedBranches.hidden === undefined && { protectedBranches: protectedBranches.value }),
        ...(protectedTags.hidden === undefined && { protectedTags: protectedTags.value }),
        ...(environments.hidden === undefined && { environments: environments.value }),
    };
}
