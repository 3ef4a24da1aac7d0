import { ACCEPT_TAG, acceptedBy } from "../provider/contract/accept-tag";
import { Findings } from "../provider/contract/findings";
import { key } from "../provider/contract/paths";
import { redacted } from "../provider/contract/redact";
import { isObject } from "../provider/contract/object";
import type { Configuration } from "./configuration";
import { checkProviderResource } from "./identity-provider";
import { OWN, policyNamed } from "./policies";
import { checkPower } from "./power";
import { type PackFinding, type PackResource, TYPE, type Violation } from "./resource";
import { checkRoleResource } from "./role";
import { acceptFaults } from "./values";

const CHECKS: ReadonlyMap<string, (resource: PackResource, config: Configuration) => readonly PackFinding[]> = new Map([
    [TYPE.role, checkRoleResource],
    [TYPE.provider, checkProviderResource],
]);

/** Whether the pack checks resources of a type one by one. */
export function isChecked(type: string): boolean {
    return CHECKS.has(type);
}

/** The violations of one resource, before it is created or changed. */
export function checkResource(resource: PackResource, config: Configuration): readonly Violation[] {
    const findings = CHECKS.get(resource.type)?.(resource, config) ?? [];
    const { findings: ofTag, accepted } = readTag(resource, config);
    return [...findings.filter(({ id }) => !accepted.has(id)), ...ofTag, ...hiddenValues(resource)].map((finding) =>
        violationOf(resource, finding),
    );
}

/** The violations of the roles of a stack, with the policies of the same stack. */
export function checkStack(resources: readonly PackResource[], config: Configuration): readonly Violation[] {
    return checkPower(resources, config).map(({ role, finding }) => violationOf(role, finding));
}

function violationOf({ urn, secrets }: PackResource, finding: PackFinding): Violation {
    const { id, path, message, fix } = redacted(finding, secrets);
    const place = path === "" ? "" : `${path}: `;
    return { policy: id, urn, message: `${place}${message} ${fix}`.trimEnd().concat("\n", policyNamed(id).url) };
}

/** The warnings that the tag of a resource accepts, and findings about the tag. */
function readTag(
    { values }: PackResource,
    { acceptable }: Configuration,
): { readonly findings: readonly PackFinding[]; readonly accepted: ReadonlySet<string> } {
    const [place, tags] = values["tags"] === undefined ? ["tagsAll", values["tagsAll"]] : ["tags", values["tags"]];
    const tag = isObject(tags) ? tags[ACCEPT_TAG] : undefined;
    if (typeof tag !== "string" || acceptable?.length === 0) {
        return { findings: [], accepted: new Set() };
    }
    const findings = new Findings();
    for (const id of tag.split(/\s+/).filter((text) => text !== "")) {
        acceptFaults(id).forEach(({ message, fix }) => findings.add("accept", key(place, ACCEPT_TAG), message, fix));
    }
    const accepted = [...acceptedBy(tag)].filter((id) => acceptable?.includes(id) ?? true);
    return { findings: findings.errors, accepted: new Set(accepted) };
}

/** Values that decide something and that the state hides. */
function hiddenValues({ hidden }: PackResource): readonly PackFinding[] {
    return hidden
        .filter((path) => CHECKED_VALUES.test(path))
        .map((path) => ({
            id: OWN.secret.name,
            path,
            message: "is a secret that is not in this state, so it is not checked.",
            fix: "Analyze the stack with `pulumi policy analyze --stack`, which can decrypt it.",
        }));
}

const CHECKED_VALUES =
    /^(?:assumeRolePolicy|permissionsBoundary|maxSessionDuration|url|clientIdLists|thumbprintLists|tags)(?:[.[]|$)/;
