import { scopeOf, type TrustSubject } from "../provider/audit/subjects";
import { quote } from "../provider/contract/quote";
import { containsUnknown, known } from "../provider/contract/unknown";
import { GITLAB_COM, issuerOf } from "../provider/gitlab/issuer-url";
import { exampleProviderArn, parseProviderArn } from "../provider/iam/arn";
import { literalGlob, matchesGlob } from "../provider/iam/glob";
import { DEFAULT_SESSION } from "../provider/iam/role";
import { FIND_PROJECT_ID } from "../provider/trust/claims";
import { isPositive } from "../provider/trust/conditions";
import { describeTrustSubject } from "../provider/audit/subject-words";
import { parseTrustPolicy } from "../provider/trust/document";
import { gitLabFindings } from "../provider/trust/gitlab-findings";
import { mayBeGitLab } from "../provider/trust/gitlab-issuers";
import { pathOfValue, providersOf, testsOf } from "../provider/trust/statement";
import type { AllowedProjects, Configuration } from "./configuration";
import { type GitLabRole, readGitLabRole } from "./gitlab-role";
import { OWN } from "./policies";
import type { PackFinding, PackResource } from "./resource";

const TRUST = "assumeRolePolicy";

/** Everything that is wrong with one role. A value that is not known yet is checked when it is. */
export function checkRoleResource({ values }: PackResource, config: Configuration): readonly PackFinding[] {
    const trustPolicy = known(values[TRUST]);
    if (trustPolicy === undefined || containsUnknown(trustPolicy)) {
        return [];
    }
    const issuers = checkIssuers(trustPolicy, config);
    const role = readGitLabRole(trustPolicy, config.urls ?? []);
    return role === undefined
        ? issuers.map(inTrustPolicy)
        : [
              ...[...gitLabFindings(role, role.isAbout), ...issuers, ...checkTrust(role, config)].map(inTrustPolicy),
              ...checkBoundary(values, config),
              ...checkSession(values, config),
          ];
}

function inTrustPolicy(finding: PackFinding): PackFinding {
    return { ...finding, path: finding.path === "" ? TRUST : `${TRUST}.${finding.path}` };
}

function checkTrust(role: GitLabRole, config: Configuration): readonly PackFinding[] {
    return [
        ...checkRoleAudiences(role, config),
        ...role.subjects.flatMap((subject) => [
            ...checkProject(subject, config.projects),
            ...(config.needsProjectId ? checkProjectId(subject) : []),
        ]),
    ];
}

/** Reports identity providers that may be GitLab instances, and are not allowed. They need not look like GitLab. */
function checkIssuers(trustPolicy: unknown, { urls }: Configuration): readonly PackFinding[] {
    const allowing = urls === undefined ? [] : parseTrustPolicy(trustPolicy).statements;
    return allowing
        .filter(({ effect }) => effect === "Allow")
        .flatMap((statement) =>
            providersOf(statement).flatMap((arn): PackFinding[] => {
                const parsed = parseProviderArn(arn);
                if (parsed === undefined || !mayBeGitLab(arn) || urls!.map(issuerOf).includes(parsed.issuer)) {
                    return [];
                }
                const allowed = urls!.map((url) => quote(exampleProviderArn(issuerOf(url), parsed)));
                return [
                    {
                        id: OWN.issuers.name,
                        path: `${statement.path}.Principal.Federated`,
                        message: `trusts ${quote(parsed.issuer)}, which is not one of the allowed GitLab instances.`,
                        fix: oneOf(allowed, "Remove the statement."),
                    },
                ];
            }),
        );
}

function checkRoleAudiences({ allowing }: GitLabRole, { audiences }: Configuration): readonly PackFinding[] {
    if (audiences === undefined) {
        return [];
    }
    const fix = oneOf(audiences.map(quote), "Remove the statement.");
    return allowing.flatMap((statement) =>
        providersOf(statement).flatMap((arn) => {
            const tests = testsOf(statement, parseProviderArn(arn)?.issuer ?? "", "aud").filter(isPositive);
            return tests.length === 0
                ? [audienceFinding(`${statement.path}.Condition`, "accepts any audience.", fix)]
                : tests.flatMap((test) =>
                      test.values.flatMap((value, i) =>
                          audiences.includes(value)
                              ? []
                              : [audienceFinding(pathOfValue(test, i), notAllowed(value), fix)],
                      ),
                  );
        }),
    );
}

function audienceFinding(path: string, message: string, fix: string): PackFinding {
    return { id: OWN.audiences.name, path, message, fix };
}

function notAllowed(audience: string): string {
    return `${quote(audience)} is not one of the allowed audiences.`;
}

/** Reports audiences of an identity provider that are not allowed. */
export function checkListedAudiences(
    listed: readonly unknown[],
    path: string,
    config: Configuration,
): readonly PackFinding[] {
    const { audiences } = config;
    return listed.flatMap((audience, i) =>
        audiences === undefined || typeof audience !== "string" || audiences.includes(audience)
            ? []
            : [
                  audienceFinding(
                      `${path}[${String(i)}]`,
                      notAllowed(audience),
                      oneOf(audiences.map(quote), "Leave it out."),
                  ),
              ],
    );
}

function checkProject(subject: TrustSubject, allowed: AllowedProjects | undefined): readonly PackFinding[] {
    if (allowed === undefined || isAllowed(subject, allowed)) {
        return [];
    }
    const { groups, projects, projectIds } = allowed;
    const names = [
        ...groups.map((group) => `"project_path:${group}/…"`),
        ...projects.map((project) => `"project_path:${project}:…"`),
        ...projectIds.map((id) => `"project_id:${id}:…"`),
    ];
    return [
        {
            id: OWN.projects.name,
            path: subject.path,
            message: `trusts ${describeTrustSubject(subject)}, which are not all in the allowed groups and projects.`,
            fix: oneOf(names, "Remove the value."),
        },
    ];
}

/** Whether all projects of a subject are allowed: all their IDs, or all paths that the value can match. */
function isAllowed(subject: TrustSubject, { groups, projects, projectIds }: AllowedProjects): boolean {
    const scope = scopeOf(subject);
    if (scope.projectIds.length > 0 && scope.projectIds.every((id) => projectIds.includes(id))) {
        return true;
    }
    const literal = /^[^*?]*/.exec(scope.path)![0];
    const isWhole = literal === scope.path && scope.kind === "project";
    const below = (group: string): boolean =>
        literal.startsWith(`${group}/`) || (scope.kind === "group" && scope.path === group);
    return groups.some(below) || (isWhole && projects.includes(scope.path));
}

function checkProjectId(subject: TrustSubject): readonly PackFinding[] {
    const { issuer, path } = subject;
    if (issuer !== issuerOf(GITLAB_COM) || scopeOf(subject).projectIds.length > 0) {
        return [];
    }
    return [
        {
            id: OWN.projectId.name,
            path,
            message: `trusts ${describeTrustSubject(subject)}, and names no project ID.`,
            fix: `Add "StringEquals": { "${issuer}:project_id": "<project id>" }. ${FIND_PROJECT_ID}`,
        },
    ];
}

function checkBoundary(values: PackResource["values"], { boundaries }: Configuration): readonly PackFinding[] {
    const boundary = values["permissionsBoundary"] ?? "";
    if (
        boundaries === undefined ||
        typeof boundary !== "string" ||
        boundaries.some((arn) => matchesGlob(literalGlob(arn), boundary))
    ) {
        return [];
    }
    return [
        {
            id: OWN.boundary.name,
            path: "permissionsBoundary",
            message: boundary === "" ? "is missing." : `${quote(boundary)} is not one of the required boundaries.`,
            fix: oneOf(boundaries.map(quote), ""),
        },
    ];
}

function checkSession(values: PackResource["values"], { longestSession }: Configuration): readonly PackFinding[] {
    const seconds = values["maxSessionDuration"] ?? DEFAULT_SESSION;
    return longestSession === undefined || typeof seconds !== "number" || seconds <= longestSession
        ? []
        : [
              {
                  id: OWN.session.name,
                  path: "maxSessionDuration",
                  message: `${String(seconds)} seconds is more than the allowed ${String(longestSession)}.`,
                  fix: `Write at most ${String(longestSession)}.`,
              },
          ];
}

function oneOf(texts: readonly string[], otherwise: string): string {
    return texts.length === 0 ? otherwise : `Write ${texts.join(" or ")}.`;
}
