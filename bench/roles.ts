import type { AccessRole } from "./peers/hand-written/gitlab-access";

export const URL = "https://gitlab.example.com";

const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const OWN = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::releases/*" }],
});

const POLICIES = { managedPolicies: { read: READ_ONLY }, inlinePolicies: { own: OWN } };

function entries<T>(count: number, role: (index: number) => T): Record<string, T> {
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [`role${String(i)}`, role(i)]));
}

/** Roles with one attachment and one inline policy each, for this package. */
export function ourInputs(count: number) {
    return {
        url: URL,
        gitlabVersion: "19.1",
        roles: entries(count, (i) => ({
            subjects: [{ project: `mygroup/project${String(i)}`, branch: "main" }],
            ...POLICIES,
        })),
    };
}

/** The same, for the peers. */
export function peerInputs(count: number): { readonly url: string; readonly roles: Record<string, AccessRole> } {
    return {
        url: URL,
        roles: entries(count, (i) => ({ project: `mygroup/project${String(i)}`, branch: "main", ...POLICIES })),
    };
}
