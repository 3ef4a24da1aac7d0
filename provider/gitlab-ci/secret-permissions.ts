import type { Findings } from "../contract/findings";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { Role } from "../contract/types";
import { known, type MaybeUnknown } from "../contract/unknown";
import { isSecretArn, isSecretId, parseProviderArn, regionOfSecret } from "../iam/arn";
import { ciFormOf, optionOf, secretsOf, type Given } from "./given";
import { regionOf } from "./secrets";

type Permissions = Pick<Role, "secretArns" | "inlinePolicies" | "managedPolicies">;

/** A role, as far as it is known, and the options of its job. */
interface PermissionsView {
    /** Path of the role's inputs. */
    readonly path: string;
    readonly role: Exclude<MaybeUnknown<Permissions>, symbol>;
    readonly providerArn: string | undefined;
    readonly own?: Given;
    readonly common: Given;
}

/** Where Secrets Manager looks for a name, as far as that is known. */
interface Place {
    readonly partition: string | undefined;
    readonly region: string | undefined;
    readonly account: string | undefined;
}

/** Warns about secrets of the job that `secretArns` does not allow. A role with other policies, or without `secretArns`, can have the permission there. */
export function checkSecretPermissions(view: PermissionsView, findings: Findings): void {
    const { path, role, providerArn, own, common } = view;
    const secrets = secretsOf(own, common);
    const region = optionOf("region", own, common);
    const arns = (known(role.secretArns) ?? []).map(known).filter((arn) => arn !== undefined && isSecretArn(arn));
    const isWhole = arns.length > 0 && arns.length === known(role.secretArns)!.length;
    const others = { ...known(role.inlinePolicies), ...known(role.managedPolicies) };
    if (ciFormOf(common) !== "secrets" || !isWhole || Object.keys(others).length > 0) {
        return;
    }
    const allows = permissionsOf(arns as string[]);
    const { partition, account } = (providerArn === undefined ? undefined : parseProviderArn(providerArn)) ?? {};
    for (const [name, secret] of Object.entries(secrets?.value ?? {})) {
        const { secretId } = secret;
        const place = { partition, region: regionOf(secret, region?.value), account };
        if (isSecretId(secretId) && !allows(secretId, place)) {
            findings.add(
                "ci-secret",
                property(key(secrets!.at, name), "secretId"),
                `${quote(secretId)} is not one of the secrets in \`${property(path, "secretArns")}\`. The role has no other policies in these inputs, so AWS denies the request of the runner, unless another policy allows it.`,
                `Add "${arnOf(secretId, place)}" there.`,
            );
        }
    }
}

const ANY_SUFFIX = "-??????";

/** Which requests the ARNs of `secretArns` allow: for the name of a secret, its ARN, or its ARN without the random characters. */
function permissionsOf(arns: readonly string[]): (secretId: string, place: Place) => boolean {
    const allowed = new Set<string>();
    const places = new Map<string, Place[]>();
    for (const arn of arns) {
        const named = arn.slice(0, -ANY_SUFFIX.length);
        const [, partition, , region, account, , name] = named.split(":");
        allowed.add(arn).add(named);
        const ofName = places.get(name!) ?? [];
        ofName.push({ partition, region, account });
        places.set(name!, ofName);
    }
    return (secretId, { region, account }) =>
        allowed.has(secretId) ||
        allowed.has(secretId.replace(/-[A-Za-z0-9]{6}$/, ANY_SUFFIX)) ||
        (places.get(secretId) ?? []).some(
            (its) => (region ?? its.region) === its.region && (account ?? its.account) === its.account,
        );
}

/** The ARN that allows the secret of a request. */
function arnOf(secretId: string, place: Place): string {
    if (regionOfSecret(secretId) !== undefined) {
        return isSecretArn(secretId) ? secretId : `${secretId}${ANY_SUFFIX}`;
    }
    const { partition = "aws", region = "<region>", account = "<account ID>" } = place;
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:${secretId}${ANY_SUFFIX}`;
}
