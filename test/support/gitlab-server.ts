import type { IncomingMessage, ServerResponse } from "node:http";
import { ISSUER, startIssuer, type Behaviour, type IssuerServer } from "./issuer-server";

/** The role of a user in a project. Source: GitLab, "Roles and permissions". */
export type MemberRole = "guest" | "reporter" | "developer" | "maintainer";

/** An access level of a protection rule. Source: GitLab, "Protected branches API: Valid access levels". */
export interface AccessLevel {
    readonly access_level: number | null;
    readonly deploy_key_id?: number;
    readonly user_id?: number | null;
    readonly group_id?: number | null;
}

export const NOBODY: AccessLevel = { access_level: 0 };
export const DEVELOPERS: AccessLevel = { access_level: 30 };
export const MAINTAINERS: AccessLevel = { access_level: 40 };

/** A project of the fake instance. */
export interface FakeProject {
    readonly id: number;
    readonly path: string;
    readonly visibility?: "public" | "private";
    readonly archived?: boolean;
    readonly components?: readonly string[];
    /** Null for an empty repository. */
    readonly defaultBranch?: string | null;
    readonly branches?: readonly string[];
    readonly tags?: readonly string[];
    /** Rule to those who can push, and those who can merge. */
    readonly protectedBranches?: Readonly<
        Record<string, { readonly push: readonly AccessLevel[]; readonly merge: readonly AccessLevel[] }>
    >;
    /** Rule to those who can create. */
    readonly protectedTags?: Readonly<Record<string, readonly AccessLevel[]>>;
    /** Name to tier. */
    readonly environments?: Readonly<Record<string, string>>;
    /** Name to those who can deploy. */
    readonly protectedEnvironments?: Readonly<Record<string, readonly AccessLevel[]>>;
    /** Paths that it had before. */
    readonly formerPaths?: readonly string[];
}

/** An access token. */
export interface FakeToken {
    readonly scopes: readonly string[];
    /** Role by path of the project; `*` for every project. */
    readonly roles: Readonly<Record<string, MemberRole>>;
}

/** A fake instance; what is left out is as GitLab has it by default. */
export interface FakeGitLab {
    readonly projects: readonly FakeProject[];
    readonly tokens?: Readonly<Record<string, FakeToken>>;
    readonly version?: string;
    /** Whether it has features of Premium. */
    readonly isPremium?: boolean;
    /** Items of a page, if less than `per_page`. */
    readonly mostOnPage?: number;
    /** Headers that lead to the next page: gitlab.com leaves out some for large lists. */
    readonly pageHeaders?: readonly ("link" | "x-next-page")[];
    /** In place of what it would answer, by the beginning of the path after `/api/v4/`. */
    readonly faults?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;
    readonly behaviour?: Behaviour;
}

/** A request that the instance received. */
export interface SeenRequest {
    readonly path: string;
    readonly authorization: string | undefined;
}

/** A CI/CD variable of a project, as GitLab's API names its parts. */
export type FakeVariable = Readonly<Record<string, unknown>>;

export interface GitLabServer extends IssuerServer {
    readonly seen: readonly SeenRequest[];
    /** The projects as they are now. */
    readonly projects: readonly FakeProject[];
    /** Variables by project ID and name. */
    readonly variables: ReadonlyMap<string, FakeVariable>;
}

/** What requests change. */
interface State {
    readonly projects: FakeProject[];
    readonly variables: Map<string, FakeVariable>;
}

/** The access level of each role. Source: GitLab, "Members API: Roles". */
const LEVEL: Readonly<Record<MemberRole, number>> = { guest: 10, reporter: 20, developer: 30, maintainer: 40 };

/** A server of an instance with its REST API, as GitLab documents it. */
export async function startGitLab(gitlab: FakeGitLab): Promise<GitLabServer> {
    const seen: SeenRequest[] = [];
    const state: State = { projects: [...gitlab.projects], variables: new Map() };
    const server = await startIssuer({
        ...gitlab.behaviour,
        others: (request, response) => {
            const path = request.url ?? "";
            seen.push({ path, authorization: request.headers.authorization });
            const fault = Object.entries(gitlab.faults ?? {}).find(([start]) => path.startsWith(`/api/v4/${start}`));
            if (fault !== undefined) {
                fault[1](request, response);
            } else {
                new Exchange({ ...gitlab, ...state }, request, response).answer();
            }
        },
    });
    return { ...server, seen, ...state };
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** One request and its response. */
class Exchange {
    private readonly url: URL;
    private readonly token: FakeToken | undefined;

    constructor(
        private readonly gitlab: FakeGitLab & State,
        private readonly request: IncomingMessage,
        private readonly response: ServerResponse,
    ) {
        this.url = new URL(request.url ?? "", ISSUER);
        this.token = gitlab.tokens?.[this.secret ?? ""];
    }

    /** Source: GitLab, "REST API authentication: Personal, project, and group access tokens". */
    private get secret(): string | undefined {
        const header = this.request.headers["private-token"];
        return typeof header === "string"
            ? header
            : /^Bearer (.*)$/.exec(this.request.headers.authorization ?? "")?.[1];
    }

    answer(): void {
        if (this.secret !== undefined && this.token === undefined) {
            // Source: GitLab, "REST API authentication".
            this.send(401, { message: "401 Unauthorized" });
            return;
        }
        if (this.token !== undefined && !this.token.scopes.some((scope) => scope === "api" || scope === "read_api")) {
            // Source: GitLab, "REST API authentication: Sudo", for a token without the scope.
            this.send(403, {
                error: "insufficient_scope",
                error_description: "The request requires higher privileges than provided by the access token.",
                scope: "api read_api",
            });
            return;
        }
        const parts = this.url.pathname.replace(/^\/api\/v4\//, "").split("/");
        const [collection, id = "", ...rest] = parts.map(decodeURIComponent);
        if (this.request.method !== "GET") {
            void this.write(id, rest);
            return;
        }
        switch (collection) {
            case "metadata": {
                this.metadata();
                return;
            }
            case "projects": {
                this.project(id, rest);
                return;
            }
            case "groups": {
                this.group(id);
                return;
            }
            default: {
                this.send(404, { error: "404 Not Found" });
                return;
            }
        }
    }

    /** Source: GitLab, "Projects API" and "Project-level CI/CD variables API". Requires the scope `api` and the role Maintainer. */
    private async write(id: string, [resource, key = ""]: readonly string[]): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of this.request) {
            chunks.push(chunk as Buffer);
        }
        const text = Buffer.concat(chunks).toString();
        const body = (text === "" ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
        const { projects, variables } = this.gitlab;
        const at = projects.findIndex((p) => String(p.id) === id);
        if (this.token?.scopes.includes("api") !== true) {
            this.send(403, { error: "insufficient_scope", scope: "api" });
        } else if (id === "") {
            const project = { id: 5000 + projects.length, path: `mygroup/${String(body["path"] ?? body["name"])}` };
            projects.push(project);
            this.send(201, this.projectBody(project, false));
        } else if (at < 0) {
            this.send(404, { message: "404 Project Not Found" });
        } else if (resource === "variables") {
            this.writeVariable(variables, `${id} ${key === "" ? String(body["key"]) : key}`, body);
        } else if (this.request.method === "DELETE") {
            projects.splice(at, 1);
            this.send(202, { message: "202 Accepted" });
        } else {
            const components = body["ci_id_token_sub_claim_components"] as readonly string[] | undefined;
            projects[at] = { ...projects[at]!, ...(components !== undefined && { components }) };
            this.send(200, this.projectBody(projects[at], false));
        }
    }

    private writeVariable(variables: Map<string, FakeVariable>, name: string, body: FakeVariable): void {
        const { method } = this.request;
        const known = variables.get(name);
        if (method === "POST" && known === undefined) {
            variables.set(name, { variable_type: "env_var", protected: false, environment_scope: "*", ...body });
            this.send(201, variables.get(name));
        } else if (method === "POST") {
            this.send(400, { message: { key: [`(${String(body["key"])}) has already been taken`] } });
        } else if (known === undefined) {
            this.send(404, { message: "404 Variable Not Found" });
        } else if (method === "DELETE") {
            variables.delete(name);
            this.response.writeHead(204).end();
        } else {
            variables.set(name, { ...known, ...body });
            this.send(200, variables.get(name));
        }
    }

    /** Source: GitLab, "Metadata API". */
    private metadata(): void {
        if (this.token === undefined) {
            this.send(401, { message: "401 Unauthorized" });
            return;
        }
        this.send(200, {
            version: this.gitlab.version ?? "19.1.0-ee",
            revision: "ceb07b24cb0",
            kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
            enterprise: true,
        });
    }

    private project(id: string, rest: readonly string[]): void {
        const lower = id.toLowerCase();
        const project = this.gitlab.projects.find((p) => String(p.id) === id || p.path.toLowerCase() === lower);
        const moved = this.gitlab.projects.find((p) => p.formerPaths?.some((path) => path.toLowerCase() === lower));
        if (project === undefined && moved !== undefined && this.mayRead(moved)) {
            this.redirect(moved);
            return;
        }
        if (project === undefined || !this.mayRead(project)) {
            // Source: GitLab, "REST API troubleshooting: Status codes": not found, or not authorized to access it.
            this.send(404, { message: "404 Project Not Found" });
            return;
        }
        const [resource, kind, name] = rest;
        switch (resource) {
            case undefined: {
                this.send(200, this.projectBody(project, false));
                return;
            }
            case "repository": {
                this.ref(project, kind!, name!);
                return;
            }
            case "protected_branches": {
                this.forRole(project, "maintainer", branchRules(project));
                return;
            }
            case "protected_tags": {
                this.forRole(project, "maintainer", tagRules(project));
                return;
            }
            case "environments": {
                this.forRole(project, "reporter", environments(project));
                return;
            }
            case "protected_environments": {
                // Source: GitLab, "Protected environments API": Premium and Ultimate.
                this.gitlab.isPremium === true
                    ? this.forRole(project, "maintainer", environmentRules(project))
                    : this.send(404, { message: "404 Not Found" });
                return;
            }
            default: {
                this.send(404, { error: "404 Not Found" });
                return;
            }
        }
    }

    /** Source: GitLab, "REST API: Redirects". The documented location has the scheme http. */
    private redirect({ id }: FakeProject): void {
        const location = `/api/v4/projects/${String(id)}`;
        this.response
            .writeHead(301, { location: `http://gitlab.example.com${location}`, "content-type": "text/plain" })
            .end(`This resource has been moved permanently to ${ISSUER}${location}`);
    }

    private roleIn({ path }: FakeProject): number {
        const role = this.token?.roles[path] ?? this.token?.roles["*"];
        return role === undefined ? 0 : LEVEL[role];
    }

    private mayRead(project: FakeProject): boolean {
        return project.visibility === "public" || this.roleIn(project) > 0;
    }

    /** Guests cannot read the repository of a private project. Source: GitLab, "Roles and permissions: Repository". */
    private readsCode(project: FakeProject): boolean {
        return project.visibility === "public" || this.roleIn(project) >= LEVEL.reporter;
    }

    private forRole(project: FakeProject, role: MemberRole, items: readonly unknown[]): void {
        if (this.token === undefined) {
            this.send(401, { message: "401 Unauthorized" });
            return;
        }
        this.roleIn(project) >= LEVEL[role] ? this.page(items) : this.send(403, { message: "403 Forbidden" });
    }

    /** Source: GitLab, "Projects API: Get a single project", and for the list "Groups API: List projects" with `simple`. */
    private projectBody(project: FakeProject, isSimple: boolean): object {
        const { id, path, visibility = "private", archived = false, components, defaultBranch = "main" } = project;
        const name = path.split("/").at(-1)!;
        return {
            id,
            description: null,
            name,
            path: name,
            path_with_namespace: path,
            ...(this.readsCode(project) && { default_branch: defaultBranch }),
            web_url: `${ISSUER}/${path}`,
            ...(!isSimple && { visibility, archived, jobs_enabled: true }),
            ...(!isSimple &&
                this.roleIn(project) >= LEVEL.maintainer && {
                    ci_id_token_sub_claim_components: components ?? ["project_path", "ref_type", "ref"],
                }),
        };
    }

    /** Source: GitLab, "Branches API: Get single repository branch", "Tags API: Get a single repository tag". */
    private ref(project: FakeProject, kind: string, name: string): void {
        const [names = [], rules] =
            kind === "branches" ? [project.branches, project.protectedBranches] : [project.tags, project.protectedTags];
        const isProtected = Object.keys(rules ?? {}).some((rule) =>
            new RegExp(`^${rule.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(name),
        );
        if (!this.readsCode(project)) {
            this.send(404, { message: "404 Repository Not Found" });
            return;
        }
        names.includes(name)
            ? this.send(200, {
                  name,
                  protected: isProtected,
                  commit: { id: "2695effb5807a22ff3d138d593fd856244e155e7" },
              })
            : this.send(404, { message: `404 ${kind === "branches" ? "Branch" : "Tag"} Not Found` });
    }

    /** Source: GitLab, "Groups API: List projects". */
    private group(id: string): void {
        const prefix = `${id.toLowerCase()}/`;
        const below = this.gitlab.projects
            .filter((p) => p.path.toLowerCase().startsWith(prefix) && this.mayRead(p))
            .filter((p) => this.url.searchParams.get("archived") !== "false" || p.archived !== true);
        below.length === 0
            ? this.send(404, { message: "404 Group Not Found" })
            : this.page(below.map((p) => this.projectBody(p, true)));
    }

    /** A page of a list, and the way to the next one. Source: GitLab, "REST API: Offset-based pagination". */
    private page(items: readonly unknown[]): void {
        const { searchParams } = this.url;
        const asked = Math.min(Number(searchParams.get("per_page") ?? "20"), 100);
        const size = Math.min(asked, this.gitlab.mostOnPage ?? 100);
        const page = Number(searchParams.get("page") ?? "1");
        const hasNext = page * size < items.length;
        const next = new URL(this.url);
        next.searchParams.set("page", String(page + 1));
        const headers = this.gitlab.pageHeaders ?? ["link", "x-next-page"];
        this.send(200, items.slice((page - 1) * size, page * size), {
            "x-page": String(page),
            "x-per-page": String(size),
            ...(headers.includes("x-next-page") && { "x-next-page": hasNext ? String(page + 1) : "" }),
            ...(headers.includes("link") && {
                link: [...(hasNext ? [`<${next.href}>; rel="next"`] : []), `<${this.url.href}>; rel="first"`].join(
                    ", ",
                ),
            }),
        });
    }

    private send(status: number, body: unknown, headers: object = {}): void {
        sendJson(this.response, status, body, headers);
    }
}

const WORDS: Readonly<Record<number, string>> = { 0: "No one", 30: "Developers + Maintainers", 40: "Maintainers" };

function described(levels: readonly AccessLevel[]): readonly object[] {
    return levels.map((level, i) => ({
        id: 1001 + i,
        access_level_description: level.deploy_key_id === undefined ? WORDS[level.access_level ?? 0] : "Deploy key",
        ...level,
    }));
}

/** Source: GitLab, "Protected branches API: List protected branches". */
function branchRules({ protectedBranches = {} }: FakeProject): readonly object[] {
    return Object.entries(protectedBranches).map(([name, { push, merge }], i) => ({
        id: 100 + i,
        name,
        push_access_levels: described(push),
        merge_access_levels: described(merge),
        allow_force_push: false,
        code_owner_approval_required: false,
    }));
}

/** Source: GitLab, "Protected tags API: List protected tags". */
function tagRules({ protectedTags = {} }: FakeProject): readonly object[] {
    return Object.entries(protectedTags).map(([name, create]) => ({ name, create_access_levels: described(create) }));
}

/** Source: GitLab, "Environments API: List environments". */
function environments({ environments: all = {} }: FakeProject): readonly object[] {
    return Object.entries(all).map(([name, tier], i) => ({
        id: i + 1,
        name,
        slug: name.replaceAll("/", "-"),
        external_url: null,
        state: "available",
        tier,
    }));
}

/** Source: GitLab, "Protected environments API: List protected environments". */
function environmentRules({ protectedEnvironments = {} }: FakeProject): readonly object[] {
    return Object.entries(protectedEnvironments).map(([name, levels]) => ({
        name,
        deploy_access_levels: described(levels),
        required_approval_count: 0,
    }));
}
