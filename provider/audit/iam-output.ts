import { isObject, valuesOf } from "../contract/object";
import { quote } from "../contract/quote";
import { isRoleArn, parseProviderArn } from "../iam/arn";
import { issuerOf } from "../gitlab/issuer-url";
import { rolesIn, TRUST_POLICY, type ListedRole } from "../iam/role-list";
import { decoded } from "../trust/role-output";
import {
    type DocumentFacts,
    NO_FACTS,
    type PolicyFacts,
    type ProviderFacts,
    type RoleFacts,
    type AuditSource,
} from "./account-facts";

type Members = Readonly<Record<string, unknown>>;

/** Reads roles and managed policies from the output of `aws iam get-account-authorization-details`, `get-role` or `list-roles`. */
export function readRoles(output: Members, account: string | undefined, source: AuditSource): DocumentFacts {
    const roles = rolesIn(output);
    const valid = roles.filter(({ role }) => typeof role["Arn"] === "string" && isRoleArn(role["Arn"]));
    const skipped = roles.length - valid.length;
    return {
        ...NO_FACTS,
        roles: valid.map((role) => roleFacts(role, source)),
        pages: Array.isArray(output["RoleDetailList"])
            ? [{ account: account ?? accountOfPage(output), isLast: !isFollowed(output), source }]
            : [],
        managedPolicies: managedPoliciesIn(output["Policies"]),
        notes:
            skipped === 0
                ? []
                : [`${quote(source.name)} has ${count(skipped, "role")} without a valid ARN, which the audit skips.`],
    };
}

/** A number with its noun. */
export function count(n: number, noun: string): string {
    return `${String(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** The account of the users, groups, roles and policies of a page; policies of AWS have none. */
function accountOfPage(page: Members): string | undefined {
    const arns = ["RoleDetailList", "UserDetailList", "GroupDetailList", "Policies"].flatMap((list) =>
        objectsIn(page[list]).map(({ Arn: arn }) => /^arn:[^:]*:iam::(\d{12}):/.exec(String(arn))?.[1]),
    );
    return arns.find((account) => account !== undefined);
}

/** The account ID in the ARN of a role. */
export function accountOfRole(arn: string): string {
    return arn.split(":")[4]!;
}

/** The name of a role, which its ARN has without the path. */
export function nameOfRole(arn: string): string {
    return arn.slice(arn.lastIndexOf("/") + 1);
}

/** Whether a page has another one after it, for AWS or for the AWS CLI. */
function isFollowed(page: Members): boolean {
    return page["IsTruncated"] === true || typeof page["NextToken"] === "string";
}

function roleFacts({ role, path }: ListedRole, source: AuditSource): RoleFacts {
    const attached = role["AttachedManagedPolicies"];
    const inline = role["RolePolicyList"];
    const hasAllPolicies = Array.isArray(attached) && Array.isArray(inline);
    // list-roles leaves out boundary, last use and tags also of roles that have them.
    const isWhole = path === "Role" || hasAllPolicies || role["RoleLastUsed"] !== undefined;
    const lastUsed = lastUsedOf(role["RoleLastUsed"]);
    const boundary = boundaryOf(role["PermissionsBoundary"]) ?? (isWhole ? "none" : undefined);
    const duration = role["MaxSessionDuration"];
    const description = stringOf(role["Description"]) ?? (typeof duration === "number" ? "" : undefined);
    return {
        arn: role["Arn"] as string,
        ...given("path", stringOf(role["Path"])),
        trustPolicy: role[TRUST_POLICY],
        ...given("description", description),
        ...given("maxSessionDuration", typeof duration === "number" ? duration : undefined),
        ...given("lastUsed", lastUsed),
        ...given("tags", tagsOf(role["Tags"]) ?? (path === "Role" ? new Map<string, string>() : undefined)),
        ...given("boundary", boundary),
        policies: [...inlinePolicies(inline), ...attachedPolicies(attached)],
        hasAllPolicies,
        source,
    };
}

/** The property if it has a value. */
export function given<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
    return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}

export function stringOf(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}

function lastUsedOf(value: unknown): string | undefined {
    if (!isObject(value)) {
        return undefined;
    }
    const date = value["LastUsedDate"];
    return date === undefined || date === null ? "never" : timeOf(date);
}

/** A time as ISO 8601 in UTC, without fractions of a second; AWS CLI can print seconds since 1970 too. */
function timeOf(value: unknown): string | undefined {
    const time = typeof value === "number" ? value * 1000 : typeof value === "string" ? Date.parse(value) : NaN;
    return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().replace(/\.\d+Z$/, "Z") : undefined;
}

function boundaryOf(value: unknown): string | undefined {
    return isObject(value) ? stringOf(value["PermissionsBoundaryArn"]) : undefined;
}

/** Tags as IAM lists them. */
export function tagsOf(value: unknown): ReadonlyMap<string, string> | undefined {
    return Array.isArray(value)
        ? new Map(
              (value as unknown[]).flatMap((tag) =>
                  isObject(tag) && typeof tag["Key"] === "string" ? [[tag["Key"], stringOf(tag["Value"]) ?? ""]] : [],
              ),
          )
        : undefined;
}

function objectsIn(list: unknown): readonly Members[] {
    return Array.isArray(list) ? list.filter(isObject) : [];
}

function inlinePolicies(list: unknown): readonly PolicyFacts[] {
    return objectsIn(list).map((policy) => ({
        name: stringOf(policy["PolicyName"]) ?? "",
        document: policyDocument(policy["PolicyDocument"]),
    }));
}

function attachedPolicies(list: unknown): readonly PolicyFacts[] {
    return objectsIn(list).flatMap((policy) => {
        const arn = stringOf(policy["PolicyArn"]);
        return arn === undefined ? [] : [{ name: stringOf(policy["PolicyName"]) ?? arn, arn, document: undefined }];
    });
}

/** The document of an identity policy; IAM's API has it URL-encoded. */
export function policyDocument(value: unknown): unknown {
    return typeof value === "string" ? decoded(value) : value;
}

/** A managed policy without its other versions. */
export function withDefaultVersion(policy: Members): Members {
    const version = defaultVersion(policy);
    return {
        Arn: policy["Arn"],
        PolicyVersionList: version === undefined ? [] : [{ ...version, IsDefaultVersion: true }],
    };
}

function defaultVersion(policy: Members): Members | undefined {
    return objectsIn(policy["PolicyVersionList"]).find(
        (v) => v["IsDefaultVersion"] === true || v["VersionId"] === policy["DefaultVersionId"],
    );
}

/** The default versions of managed policies by ARN. */
function managedPoliciesIn(list: unknown): ReadonlyMap<string, unknown> {
    return new Map(
        objectsIn(list).flatMap((policy) => {
            const arn = stringOf(policy["Arn"]);
            const version = defaultVersion(policy);
            return arn === undefined || version?.["Document"] === undefined
                ? []
                : [[arn, policyDocument(version["Document"])] as const];
        }),
    );
}

/** Reads an identity provider from the output of `aws iam get-open-id-connect-provider`, which has no ARN. */
export function readProvider(output: Members, account: string | undefined, source: AuditSource): DocumentFacts {
    const issuer = issuerOf(output["Url"] as string);
    const audiences = valuesOf(output["ClientIDList"]).filter((id) => typeof id === "string");
    // IAM leaves the list out if there are none.
    const tags = tagsOf(output["Tags"]) ?? new Map<string, string>();
    return { ...NO_FACTS, providers: [{ ...given("account", account), issuer, audiences, tags, source }] };
}

/** Reads identity providers from the output of `aws iam list-open-id-connect-providers`, which has all of an account. */
export function readProviderList(list: unknown, account: string | undefined, source: AuditSource): DocumentFacts {
    const providers = objectsIn(list).flatMap((entry): ProviderFacts[] => {
        const arn = stringOf(entry["Arn"]) ?? "";
        const parsed = parseProviderArn(arn);
        return parsed === undefined ? [] : [{ arn, issuer: parsed.issuer, source }];
    });
    const accounts = providers.map(({ arn }) => parseProviderArn(arn!)!.account);
    return {
        ...NO_FACTS,
        providers,
        accountsWithAllProviders: [...new Set([...accounts, ...(account === undefined ? [] : [account])])],
    };
}
