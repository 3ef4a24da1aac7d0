import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import * as npmPackage from "../../../provider";
import { CALLS } from "../../../provider/operations/calls";
import { provider } from "../../../provider/provider";
import { packageJson, token, type Properties, type PropertySpec, type Schema } from "../../../provider/contract/schema";
import { GITLAB_COM } from "../../../provider/operations/trust";
import { generateTypeScript, inputTypes, readSchema } from "../../../tools/schema/typescript";

interface PackageSchema extends Schema {
    readonly name: string;
    readonly version?: string;
    readonly displayName: string;
    readonly description: string;
    readonly keywords: readonly string[];
    readonly homepage: string;
    readonly repository: string;
    readonly license: string;
    readonly publisher: string;
    readonly pluginDownloadURL: string;
    readonly language: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Manifest {
    readonly name: string;
    readonly description: string;
    readonly license: string;
    readonly homepage: string;
    readonly keywords: readonly string[];
    readonly repository: { readonly url: string };
}

const schema = readSchema() as PackageSchema;
const manifest = packageJson() as unknown as Manifest;
const root = join(__dirname, "../../..");

const nameOf = (tok: string): string => tok.split(/[:/]/).pop()!;
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** A set of properties that stands in the schema: `Role`, `getGitlabCi`, `GitLabOidc`, … */
interface Group {
    readonly owner: string;
    readonly kind: "input" | "output";
    readonly properties: Properties;
    readonly required: readonly string[];
}

function groups(of: PackageSchema): readonly Group[] {
    const { types, resources, functions } = of;
    const ofInputs = inputTypes(of);
    return [
        ...Object.entries(types)
            .filter(([, t]) => t.enum === undefined)
            .map(([tok, t]) => ({
                owner: nameOf(tok),
                kind: ofInputs.has(tok) ? ("input" as const) : ("output" as const),
                properties: t.properties ?? {},
                required: t.required ?? [],
            })),
        ...Object.entries(resources).flatMap(([tok, r]): Group[] => [
            { owner: nameOf(tok), kind: "input", properties: r.inputProperties, required: r.requiredInputs ?? [] },
            { owner: nameOf(tok), kind: "output", properties: r.properties, required: r.required },
        ]),
        ...Object.entries(functions).flatMap(([tok, { inputs, outputs }]): Group[] => [
            { owner: nameOf(tok), kind: "input", properties: inputs.properties, required: inputs.required ?? [] },
            { owner: nameOf(tok), kind: "output", properties: outputs.properties, required: outputs.required ?? [] },
        ]),
    ];
}

/** What a user can set: `Role.tags`, with its description. */
function inputs(of: PackageSchema): readonly { path: string; text: string; required: boolean; spec: PropertySpec }[] {
    return groups(of)
        .filter(({ kind }) => kind === "input")
        .flatMap(({ owner, properties, required }) =>
            Object.entries(properties).map(([name, spec]) => ({
                path: `${owner}.${name}`,
                text: spec.description ?? "",
                required: required.includes(name),
                spec,
            })),
        );
}

/** Everything that has a description, by where it stands. */
function descriptions(of: PackageSchema): readonly (readonly [string, string | undefined])[] {
    return [
        ["package", of.description],
        ...[of.types, of.resources, of.functions].flatMap((items) =>
            Object.entries(items).map(([tok, { description }]) => [nameOf(tok), description] as const),
        ),
        ...Object.entries(of.types).flatMap(([tok, t]) =>
            (t.enum ?? []).map((e) => [`${nameOf(tok)}.${e.name}`, e.description] as const),
        ),
        ...groups(of).flatMap(({ owner, kind, properties }) =>
            Object.entries(properties).map(
                ([name, { description }]) => [`${kind} ${owner}.${name}`, description] as const,
            ),
        ),
    ];
}

/** A property and what is nested in it: `GitLabOidc.roles`, `GitLabOidc.roles{}`. */
function nested(path: string, spec: PropertySpec): readonly (readonly [string, PropertySpec])[] {
    return [
        [path, spec],
        ...(spec.items === undefined ? [] : nested(`${path}[]`, spec.items)),
        ...(spec.additionalProperties === undefined ? [] : nested(`${path}{}`, spec.additionalProperties)),
        ...(spec.oneOf ?? []).flatMap((s) => nested(path, s)),
    ];
}

const everywhere = (of: PackageSchema) =>
    groups(of).flatMap(({ owner, properties }) =>
        Object.entries(properties).flatMap(([name, spec]) => nested(`${owner}.${name}`, spec)),
    );

const properties = (of: PackageSchema, owner: string): Properties =>
    groups(of).find((g) => g.owner === owner && g.kind === "input")!.properties;

/** What is in one list only, so that a list of exceptions is neither too short nor too long. */
function difference(found: readonly string[], expected: readonly string[]): readonly string[] {
    return [
        ...found.filter((f) => !expected.includes(f)).map((f) => `${f}: unexpected`),
        ...expected.filter((e) => !found.includes(e)).map((e) => `${e}: expected`),
    ];
}

function different(path: string, a: unknown, b: unknown): readonly string[] {
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
}

/** Inputs without a default to name: their type or function says what leaving them out means. */
const WITHOUT_DEFAULT = [
    ...["trustPolicy", "role", "claims", "token"].map((name) => `explainTrust.${name}`),
    ...["project", "group", "projectId", "branch", "tag", "sub"].map((name) => `Subject.${name}`),
    ...[
        "namespaceId",
        "userId",
        "userLogin",
        "userEmail",
        "userAccessLevel",
        "pipelineSource",
        "runnerEnvironment",
    ].map((name) => `Claims.${name}`),
];

/** Inputs that no page of AWS, GitLab or Pulumi defines: they are this package's own, or an ARN that the user has. */
const WITHOUT_SOURCE = [
    "Role.accept",
    "PipelineRole.accept",
    "getTrustPolicy.accept",
    "GitLabOidc.accept",
    "IdentityProvider.accept",
    "OrganizationGuardrail.accept",
    "getOrganizationGuardrail.accept",
    "GitLabOidc.adoptExisting",
    "GitLabOidc.roles",
    "PipelineRole.providerArn",
    "getTrustPolicy.providerArn",
    "getGitlabCi.audience",
    "getGitlabCi.roles",
    "GitLabCiOptions.form",
    "GitLabCiRole.subjects",
    "GitLabCiRole.maxSessionDuration",
    ...["Role", "GitLabOidc", "PipelineRole", "GitLabCiRole", "getGitlabCi"].map((owner) => `${owner}.gitlabCi`),
    "RoleTrust.providerArn",
    ...["trustPolicy", "role", "token", "context"].map((name) => `explainTrust.${name}`),
    ...["trustPolicy", "url", "accept"].map((name) => `lintTrustPolicy.${name}`),
    "describeTrustPolicy.trustPolicy",
    ...["cloudFront", "forceDestroy"].map((name) => `IssuerMirror.${name}`),
    ...["connectTo", "allowPrivate", "timeout", "maxBytes", "maxRedirects", "attempts"].map(
        (name) => `checkIssuer.${name}`,
    ),
    "checkProject.trustPolicy",
    ...["checkProject", "lookupProject"].flatMap((owner) =>
        ["connectTo", "timeout", "requestTimeout"].map((name) => `${owner}.${name}`),
    ),
    // Named once for all of them, at Subject.claims.
    ...WITHOUT_DEFAULT.filter((path) => path.startsWith("Claims.")),
];

/** Results that are left out where there is nothing to say. */
const SOMETIMES = [
    ...["error", "cause", "fix", "deniedBy"].map((name) => `explainTrust.${name}`),
    "IssuerCheck.fix",
    ...["project", "path", "fix"].map((name) => `ProjectCheck.${name}`),
    ...["subClaimComponents", "defaultBranch", "protectedBranches", "protectedTags", "environments"].map(
        (name) => `GitLabProject.${name}`,
    ),
    ...["protected", "deploy"].map((name) => `GitLabEnvironment.${name}`),
    ...["issuer", "gitlabVersion"].map((name) => `checkProject.${name}`),
    ...["subClaimComponents", "gitlabVersion", "defaultBranch"].map((name) => `lookupProject.${name}`),
    ...[
        "project",
        "group",
        "projectId",
        "branch",
        "tag",
        "refProtected",
        "environmentProtected",
        "deploymentTier",
        "claims",
    ].map((name) => `DescribedSubject.${name}`),
    ...["providerArn", "url", "audiences", "conditions", "additionalPrincipals", "subClaimComponents"].map(
        (name) => `describeTrustPolicy.${name}`,
    ),
    "StatementExplanation.sid",
    "ConditionExplanation.actual",
    "IssuerMirror.distributionDomainName",
    "IssuerMirror.distributionHostedZoneId",
];

/** What decides which resources there are, so that it has to be known at preview. */
const PLAIN = [
    ...["GitLabOidc", "IdentityProvider"].flatMap((owner) => [`${owner}.accept`, `${owner}.accept[]`]),
    "GitLabOidc.roles",
    "GitLabOidc.roles{}",
    "GitLabOidc.adoptExisting",
    ...["Role", "PipelineRole"].flatMap((owner) => [
        `${owner}.accept`,
        `${owner}.accept[]`,
        `${owner}.managedPolicies`,
        `${owner}.formerPolicyKeys`,
        `${owner}.formerPolicyKeys{}`,
        `${owner}.formerPolicyKeys{}[]`,
        `${owner}.inlinePolicies`,
    ]),
    "Role.formerKeys",
    "Role.formerKeys[]",
    "getTrustPolicy.accept",
    "getTrustPolicy.accept[]",
    "IssuerMirror.cloudFront",
    "OrganizationGuardrail.targets",
    ...["OrganizationGuardrail", "getOrganizationGuardrail"].flatMap((owner) => [
        `${owner}.accept`,
        `${owner}.accept[]`,
    ]),
];

/** What the generators (and this package) derive from a name of the schema, besides the name itself. */
const SUFFIXES = [
    "Args",
    "ArgsDict",
    "Dict",
    "Result",
    "Output",
    "OutputArgs",
    "Outputs",
    "Input",
    "Array",
    "Map",
    "Ptr",
];

interface Change {
    readonly path: readonly string[];
    readonly value: unknown;
}

/** A change to the schema, by the path of what is changed; nothing deletes. */
function change(path: string, value?: unknown): Change {
    const [section = "", name, ...rest] = path.split("/");
    const known = ["types", "resources", "functions"].includes(section);
    return { path: name === undefined ? [section] : [section, known ? token(name) : name, ...rest], value };
}

function changed({ path, value }: Change): PackageSchema {
    const copy = structuredClone(schema);
    let at = copy as unknown as Record<string, unknown>;
    for (const step of path.slice(0, -1)) {
        expect(at, path.join("/")).to.have.property(step);
        at = at[step] as Record<string, unknown>;
    }
    if (value === undefined) {
        expect(at, path.join("/")).to.have.property(path.at(-1)!);
    }
    at[path.at(-1)!] = value;
    return JSON.parse(JSON.stringify(copy)) as PackageSchema;
}

interface Rule {
    readonly says: string;
    readonly problems: (of: PackageSchema) => readonly string[];
    /** Changes that the rule has to notice. */
    readonly brokenBy: readonly Change[];
}

const text = { type: "string", description: 'Text. Default: none. Source: AWS, "A page".' };

const RULES: readonly Rule[] = [
    {
        says: "everything is described, in sentences",
        problems: (of) =>
            descriptions(of)
                .filter(([, description]) => description === undefined || !/^\S[^]*\S\.$/.test(description))
                .map(([path]) => path),
        brokenBy: [
            change("description"),
            change("types/Role/description", ""),
            change("types/Finding/properties/fix/description"),
            change("types/SubClaimComponent/enum/3/description", "Short name"),
            change("resources/GitLabOidc/description", "."),
            change("resources/GitLabOidc/inputProperties/tags/description", " Tags."),
            change("resources/GitLabOidc/properties/issuer/description"),
            change("functions/getGitlabCi/description", "The file"),
            change("functions/getGitlabCi/inputs/properties/url/description"),
            change("functions/getGitlabCi/outputs/properties/yaml/description"),
        ],
    },
    {
        says: "every input says what happens without it, or is required",
        problems: (of) => [
            ...difference(
                inputs(of)
                    .filter(({ text, required }) => !required && !/(Default: |If not set, )\S/.test(text))
                    .map(({ path }) => path),
                WITHOUT_DEFAULT,
            ),
            ...inputs(of)
                .filter(({ text, required }) => required && text.includes("Default: "))
                .map(({ path }) => path),
        ],
        brokenBy: [
            change("types/Role/properties/tags/description", "Tags."),
            change("types/Role/properties/subjects/description", "Subjects. Default: none."),
            change("types/Subject/properties/tag/description", "Tag. Default: none."),
            change("functions/getGitlabCi/inputs/required", []),
        ],
    },
    {
        says: "every input names the page that defines it",
        problems: (of) =>
            difference(
                inputs(of)
                    .filter(({ text }) => !/Source: (AWS|GitLab|Pulumi), "[^"]+"\./.test(text))
                    .map(({ path }) => path),
                WITHOUT_SOURCE,
            ),
        brokenBy: [
            change("types/Role/properties/tags/description", "Tags. Default: none."),
            change("types/Role/properties/tags/description", "Tags. Default: none. Source: somewhere."),
            change("types/RoleTrust/properties/providerArn/description", 'ARN. Source: AWS, "A page".'),
            change("functions/getTrustPolicy/inputs/properties/url/description", "Url. Default: none."),
        ],
    },
    {
        says: "a default is the one of the code, and its description says it",
        problems: (of) => [
            ...difference(
                inputs(of)
                    .filter(({ spec }) => spec.default !== undefined)
                    .map(({ path, spec }) => `${path} = ${String(spec.default)}`),
                [
                    "GitLabOidc",
                    "IdentityProvider",
                    "OrganizationGuardrail",
                    "getGitlabCi",
                    "checkProject",
                    "lookupProject",
                    "getOrganizationGuardrail",
                ].map((owner) => `${owner}.url = ${GITLAB_COM}`),
            ),
            ...inputs(of)
                .filter(
                    ({ text, spec }) => text.includes(`Default: \`${GITLAB_COM}\`.`) !== (spec.default === GITLAB_COM),
                )
                .map(({ path }) => path),
        ],
        brokenBy: [
            change("resources/GitLabOidc/inputProperties/url/default"),
            change("resources/GitLabOidc/inputProperties/url/default", "https://gitlab.example.com"),
            change("resources/GitLabOidc/inputProperties/url/description", "Url. Default: none."),
            change("resources/PipelineRole/inputProperties/url/default", GITLAB_COM),
            change("types/Role/properties/path/default", "/"),
        ],
    },
    {
        says: "what is the same in two places is the same in every word",
        problems: (of) => {
            const [role, own, whole, alone, policy] = (
                ["Role", "PipelineRole", "GitLabOidc", "IdentityProvider", "getTrustPolicy"] as const
            ).map((owner) => properties(of, owner)) as [Properties, Properties, Properties, Properties, Properties];
            return [
                // A role stands in a GitLabOidc that knows the provider, or alone and is told it.
                ...difference(
                    Object.keys(own).filter((name) => !(name in role)),
                    ["providerArn", "url", "audiences", "gitlabVersion"],
                ),
                ...difference(
                    Object.keys(role).filter((name) => !(name in own)),
                    ["formerKeys"],
                ),
                // A role's options stand beside those of a GitLabOidc, a PipelineRole's stand alone.
                ...Object.keys(role).flatMap((name) =>
                    name in own && name !== "gitlabCi" ? different(`Role.${name}`, role[name], own[name]) : [],
                ),
                ...Object.keys(policy).flatMap((name) => different(`getTrustPolicy.${name}`, policy[name], own[name])),
                ...Object.entries(properties(of, "RoleTrust")).flatMap(([name, spec]) =>
                    different(`RoleTrust.${name}`, spec, own[name]),
                ),
                ...["url", "audiences", "thumbprints"].flatMap((name) =>
                    different(`IdentityProvider.${name}`, alone[name], whole[name]),
                ),
                ...different("PipelineRole.audiences", own["audiences"], whole["audiences"]),
                ...different("PipelineRole.gitlabVersion", own["gitlabVersion"], whole["gitlabVersion"]),
                ...different("getGitlabCi.url", properties(of, "getGitlabCi")["url"], whole["url"]),
                ...different("OrganizationGuardrail.url", properties(of, "OrganizationGuardrail")["url"], whole["url"]),
                ...Object.entries(properties(of, "getOrganizationGuardrail")).flatMap(([name, spec]) =>
                    different(`getOrganizationGuardrail.${name}`, spec, properties(of, "OrganizationGuardrail")[name]),
                ),
                ...["path", "permissionsBoundary", "maxSessionDuration"].flatMap((name) => {
                    const description = `Default for every role. ${role[name]?.description ?? ""}`;
                    return different(`GitLabOidc.${name}`, whole[name], { ...role[name], description });
                }),
            ];
        },
        brokenBy: [
            change("types/Role/properties/tags/description", "Tags. Default: none."),
            change("types/Role/properties/managedPolicies/plain"),
            change("types/Role/properties/more", text),
            change("resources/PipelineRole/inputProperties/more", text),
            change("resources/PipelineRole/inputProperties/audiences/description", "Audiences."),
            change("resources/IdentityProvider/inputProperties/thumbprints/description", "Thumbprints."),
            change("resources/GitLabOidc/inputProperties/path/description", "Path."),
            change("functions/getTrustPolicy/inputs/properties/conditions/description", "Conditions."),
            change("functions/getTrustPolicy/inputs/properties/more", text),
            change("resources/PipelineRole/inputProperties/gitlabVersion/description", "Version."),
            change("types/RoleTrust/properties/url/description", "Url. Default: none."),
            change("functions/getGitlabCi/inputs/properties/url/description", "Url."),
            change("functions/getOrganizationGuardrail/inputs/properties/groups/description", "Groups."),
            change("resources/OrganizationGuardrail/inputProperties/url/description", "Url."),
        ],
    },
    {
        says: "what decides which resources there are is plain, and nothing else",
        problems: (of) =>
            difference(
                everywhere(of)
                    .filter(([, spec]) => spec.plain !== undefined)
                    .map(([path, spec]) => (spec.plain === true ? path : `${path} = ${String(spec.plain)}`)),
                PLAIN,
            ),
        brokenBy: [
            change("resources/GitLabOidc/inputProperties/roles/plain"),
            change("resources/GitLabOidc/inputProperties/roles/additionalProperties/plain", false),
            change("types/Role/properties/inlinePolicies/plain"),
            change("types/Role/properties/formerKeys/items/plain"),
            change("types/Role/properties/managedPolicies/additionalProperties/plain", true),
            change("types/Role/properties/tags/plain", true),
        ],
    },
    {
        says: "every $ref leads somewhere, and every type is used",
        problems: (of) => {
            const refs = everywhere(of).flatMap(([path, { $ref }]) =>
                $ref === undefined ? [] : [[path, $ref] as const],
            );
            return [
                ...refs
                    .filter(([, ref]) => ref !== "pulumi.json#/Any" && !(ref.replace("#/types/", "") in of.types))
                    .map(([path, ref]) => `${path}: ${ref}`),
                ...Object.keys(of.types).filter((tok) => !refs.some(([, ref]) => ref === `#/types/${tok}`)),
            ];
        },
        brokenBy: [
            change("types/Subject/properties/claims/$ref", `#/types/${token("Clams")}`),
            change("resources/PipelineRole/inputProperties/subjects/items/$ref", "/aws/v7.48.0/schema.json#/types/x"),
            change("types/Spare", { type: "object", description: "Unused.", properties: {} }),
        ],
    },
    {
        says: "what is required is there",
        problems: (of) =>
            groups(of).flatMap(({ owner, kind, properties, required }) => [
                ...required.filter((name) => !(name in properties)).map((name) => `${owner}.${name}`),
                // Components and functions always have all of their outputs, but for those that go with a refusal.
                ...(kind === "output"
                    ? difference(
                          Object.keys(properties).map((name) => `${owner}.${name}`),
                          [
                              ...required.map((name) => `${owner}.${name}`),
                              ...SOMETIMES.filter((o) => o.startsWith(`${owner}.`)),
                          ],
                      )
                    : []),
            ]),
        brokenBy: [
            change("resources/GitLabOidc/requiredInputs", ["role"]),
            change("resources/GitLabOidc/required", ["providerArn"]),
            change("functions/getGitlabCi/outputs/required", []),
        ],
    },
    {
        says: "no two names are the same in any language",
        problems: (of) => {
            const names = [of.types, of.resources, of.functions].flatMap((items) => Object.keys(items).map(nameOf));
            const derived = [
                // Every SDK has these of its own.
                ...["Provider", "ProviderArgs"].map((name) => [name, "the provider"] as const),
                ...names.flatMap((name) => ["", ...SUFFIXES].map((suffix) => [name + suffix, name] as const)),
                // Enum values are constants of the package in Go.
                ...Object.entries(of.types).flatMap(([tok, t]) =>
                    (t.enum ?? []).map((e) => [nameOf(tok) + e.name, `${nameOf(tok)}.${e.name}`] as const),
                ),
            ];
            const owners = new Map<string, string>();
            return derived.flatMap(([name, owner]) => {
                // `get_gitlab_ci` and `getGitlabCi` are one, too.
                const folded = name.toLowerCase();
                const other = owners.get(folded);
                owners.set(folded, owner);
                return other === undefined ? [] : [`${name}: ${other} and ${owner}`];
            });
        },
        brokenBy: [
            change("types/PipelineRole", { type: "object", description: "X." }),
            change("types/pipelineRole", { type: "object", description: "X." }),
            change("types/PipelineRoleArgs", { type: "object", description: "X." }),
            change("types/GetGitlabCi", { type: "object", description: "X." }),
            change("types/GetGitlabCiResult", { type: "object", description: "X." }),
            change("types/Provider", { type: "object", description: "X." }),
            change("types/SubClaimComponentRef", { type: "object", description: "X." }),
            change("types/SubClaimComponent/enum/3/name", "ProjectPath"),
            change("functions/IdentityProviderOutput", {
                description: "X.",
                inputs: { properties: {} },
                outputs: { properties: {} },
            }),
        ],
    },
    {
        says: "the Registry gets what it asks for, and owner, repository and license are those of package.json",
        problems: (of) => {
            const repository = manifest.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
            const [owner = "", repo = ""] = new URL(repository).pathname.slice(1).split("/");
            const missing = (path: string, value: unknown, expected: unknown): readonly string[] =>
                different(`${path} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`, value, expected);
            return [
                ...(/^\S.*\S$/.test(of.displayName) ? [] : ["displayName"]),
                ...["kind/component", "category/cloud", ...manifest.keywords]
                    .filter((keyword) => !of.keywords.includes(keyword))
                    .map((keyword) => `keywords lack ${keyword}`),
                ...missing("name", of.name, repo.replace(/^pulumi-/, "")),
                ...missing("package.json's name", manifest.name, repo),
                ...missing("version", of.version, undefined),
                ...missing(
                    "package.json's description",
                    manifest.description,
                    of.description.replace(/\.$/, ", as Pulumi components."),
                ),
                ...missing("license", of.license, manifest.license),
                ...missing("homepage", of.homepage, manifest.homepage),
                ...missing("repository", of.repository, repository),
                ...missing("publisher", of.publisher, owner),
                ...missing("pluginDownloadURL", of.pluginDownloadURL, `github://api.github.com/${owner}/${repo}`),
                ...difference(Object.keys(of.language), ["nodejs", "python", "go", "java", "csharp"]),
                ...missing("npm package", of.language["nodejs"]?.["packageName"], repo),
                ...missing("Python package", of.language["python"]?.["packageName"], repo.replaceAll("-", "_")),
                ...missing(
                    "Go import path",
                    of.language["go"]?.["importBasePath"],
                    `github.com/${owner}/${repo}/sdk/go/${of.name.replaceAll("-", "")}`,
                ),
                ...missing(
                    "Java package",
                    of.language["java"]?.["basePackage"],
                    `io.github.${owner.replaceAll("-", "_")}`,
                ),
            ];
        },
        brokenBy: [
            change("displayName", ""),
            change(
                "keywords",
                schema.keywords.filter((keyword) => keyword !== "kind/component"),
            ),
            change(
                "keywords",
                schema.keywords.filter((keyword) => keyword !== "gitlab"),
            ),
            change("name", "gitlab-oidc"),
            change("version", "0.1.0"),
            change("description", "Something else."),
            change("license", "MIT"),
            change("homepage", "https://example.com"),
            change("repository", "https://github.com/else/pulumi-aws-gitlab-oidc"),
            change("publisher", "else"),
            change("pluginDownloadURL", "https://example.com"),
            change("language/csharp"),
            change("language/nodejs/packageName", "pulumi-aws-gitlab-oidc-sdk"),
            change("language/python/packageName"),
            change("language/go/importBasePath", "github.com/else/x"),
            change("language/java/basePackage", "com.pulumi"),
        ],
    },
];

describe("schema.json", () => {
    for (const { says, problems, brokenBy } of RULES) {
        it(says, () => {
            expect(problems(schema)).to.deep.equal([]);
            for (const broken of brokenBy) {
                expect(problems(changed(broken)), JSON.stringify(broken)).to.not.deep.equal([]);
            }
        });
    }
});

/** The doc comment of each exported class and function of a file, by name. */
function docComments(path: string): Readonly<Record<string, string | undefined>> {
    const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true);
    return Object.fromEntries(
        source.statements.flatMap((statement) => {
            if (!ts.isClassDeclaration(statement) && !ts.isFunctionDeclaration(statement)) {
                return [];
            }
            if (statement.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) !== true) {
                return [];
            }
            const docs = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
            return [[statement.name!.text, ts.getTextOfJSDocComment(docs[0]?.comment)]];
        }),
    );
}

/** What each component needs at least. */
const LEAST: Readonly<Record<string, pulumi.Inputs>> = {
    GitLabOidc: {
        roles: { deploy: { subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }] } },
    },
    IdentityProvider: {},
    IssuerMirror: {
        discovery: {
            issuer: "https://gitlab.example.com",
            response_types_supported: ["code"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["RS256"],
        },
        keys: { keys: [{ kty: "RSA", kid: "one", n: `s${"A".repeat(340)}Q`, e: "AQAB" }] },
        bucketName: "mycompany-gitlab-issuer",
    },
    OrganizationGuardrail: { groups: ["mygroup"] },
    PipelineRole: {
        providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
        subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }],
    },
};

describe("code and schema.json", () => {
    const names = {
        resources: Object.keys(schema.resources).map(nameOf),
        functions: Object.keys(schema.functions).map(nameOf),
    };
    const registered = new Map<pulumi.ComponentResource, pulumi.Inputs>();
    /** Inputs of the AWS resources by type. */
    const children = new Map<string, pulumi.Inputs>();
    const prototype = pulumi.ComponentResource.prototype as unknown as {
        registerOutputs: (this: pulumi.ComponentResource, outputs?: pulumi.Inputs) => void;
    };
    const { registerOutputs } = prototype;
    let monitor: ReturnType<typeof pulumi.runtime.getMonitor>;

    before(async () => {
        monitor = pulumi.runtime.getMonitor();
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs: given }) => {
                const own = given as pulumi.Inputs;
                children.set(type, own);
                return { id: name, state: { name, arn: `arn:aws:iam::111122223333:role/${name}`, ...own } };
            },
            call: () => ({ region: "eu-central-1", partition: "aws", dnsSuffix: "amazonaws.com" }),
        });
        prototype.registerOutputs = function (outputs = {}) {
            // Pulumi's own class calls it once more, for classes that do not.
            if (!registered.has(this)) {
                registered.set(this, outputs);
            }
            registerOutputs.call(this, outputs);
        };
    });
    after(() => {
        prototype.registerOutputs = registerOutputs;
        if (monitor !== undefined) {
            // Other tests have mocks of their own.
            pulumi.runtime.setMockOptions(monitor);
        }
    });
    beforeEach(() => {
        registered.clear();
        children.clear();
    });

    it("the TypeScript types are those that the schema gives (else: make sdk)", async () => {
        for (const [path, text] of Object.entries(await generateTypeScript(schema))) {
            expect(read(path) === text, path).to.equal(true);
        }
    });

    it("the plugin serves schema.json, with the version of package.json", async () => {
        const served = JSON.parse(await provider.getSchema!()) as unknown;
        expect(served).to.deep.equal({ ...schema, version: packageJson().version });
    });

    it("doc comments are the descriptions, word for word", () => {
        const comments = Object.fromEntries(
            [
                ...["gitlab-oidc", "identity-provider", "issuer-mirror", "organization-guardrail", "pipeline-role"].map(
                    (file) => `provider/components/${file}.ts`,
                ),
                "provider/operations/functions.ts",
            ].flatMap((path) => Object.entries(docComments(path))),
        );
        for (const [tok, { description }] of Object.entries({ ...schema.resources, ...schema.functions })) {
            expect(comments[nameOf(tok)], nameOf(tok)).to.equal(description);
        }
    });

    it("the npm package exports the components and functions, and nothing else", () => {
        expect(Object.keys(npmPackage)).to.have.members([
            ...names.resources,
            ...names.functions,
            ...names.functions.map((name) => `${name}Output`),
        ]);
    });

    it("the plugin knows the functions, and no other", async () => {
        expect(Object.keys(CALLS)).to.have.members(names.functions);
        for (const name of ["getNothing", "toString"]) {
            const { failures } = await provider.invoke!(token(name), {});
            expect(failures?.map((f) => f.property)).to.deep.equal([token(name)]);
        }
    });

    it("COMPONENTS has the components, and no other", () => {
        const tokens = [...read("provider/provider.ts").matchAll(/\[token\("(\w+)"\)\]:/g)].map(([, name]) => name);
        expect(tokens).to.have.members(names.resources);
    });

    it("the plugin refuses a component that it does not know", async () => {
        const made = provider.construct!("x", token("Nothing"), {}, {});
        expect(await made.catch(String)).to.equal(`Error: unknown resource type ${token("Nothing")}`);
    });

    it("there is a trial of each component", () => {
        expect(Object.keys(LEAST)).to.have.members(names.resources);
    });

    for (const [name, args] of Object.entries(LEAST)) {
        const outputs = Object.keys(schema.resources[token(name)]!.properties);

        it(`${name} registers exactly the outputs of the schema, from its fields, and the plugin returns them`, async () => {
            const { state } = await provider.construct!("x", token(name), args, {});
            const [component, own] = [...registered].find(([resource]) => resource.constructor.name === name)!;
            const fields = component as unknown as Record<string, unknown>;
            expect(Object.keys(own)).to.have.members(outputs);
            expect(Object.keys(state)).to.have.members(outputs);
            for (const output of outputs) {
                expect(pulumi.Output.isInstance(fields[output]), output).to.equal(true);
                expect(own[output] === fields[output] && state[output] === fields[output], output).to.equal(true);
            }
            const other = Object.keys(fields).filter((f) => f !== "urn" && pulumi.Output.isInstance(fields[f]));
            expect(other).to.have.members(outputs);
        });

        it(`${name} refuses an input that the schema does not have`, async () => {
            const made = provider.construct!("x", token(name), { ...args, docs: "x" }, {});
            const text = await made.then(() => "made", String);
            expect(text).to.match(/1 problem with the inputs:\n {2}- docs: .+ \[unknown-property\]\n/);
        });
    }

    it("without a url it is the default of the schema", async () => {
        for (const name of ["GitLabOidc", "IdentityProvider"]) {
            children.clear();
            const { state } = await provider.construct!("x", token(name), LEAST[name]!, {});
            await new Promise((resolve) => pulumi.output(state).apply(resolve));
            const made = children.get("aws:iam/openIdConnectProvider:OpenIdConnectProvider");
            expect(made?.["url"], name).to.equal(schema.resources[token(name)]!.inputProperties["url"]!.default);
        }
        const { yaml } = CALLS.getGitlabCi({ roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" } });
        const url = schema.functions[token("getGitlabCi")]!.inputs.properties["url"]!.default;
        expect(yaml).to.contain(`aud: ${JSON.stringify(url)}`);
    });
});
