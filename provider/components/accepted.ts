import * as pulumi from "@pulumi/pulumi";
import { acceptTags, type Tagged } from "../contract/accept-tag";
import { isAwaited } from "../contract/outputs";

type Tags = Readonly<Record<string, pulumi.Input<string>>>;

/** The tags of a resource, and one that lists the warnings that its component accepts. */
export function withAcceptTags(
    { tags, accept = [] }: { readonly tags?: pulumi.Input<Tags>; readonly accept?: readonly string[] },
    tagged: Tagged,
): pulumi.Input<Tags> | undefined {
    const added = acceptTags(accept, tagged);
    if (Object.keys(added).length === 0) {
        return tags;
    }
    return isAwaited(tags)
        ? pulumi.output(tags).apply((known) => ({ ...known, ...added }))
        : { ...(tags as Tags | undefined), ...added };
}
