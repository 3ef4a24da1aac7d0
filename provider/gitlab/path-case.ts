import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { isPattern } from "../iam/policy-text";

/** A path of a group or project, and the property that has it. */
export interface WrittenPath {
    readonly path: string;
    readonly at: string;
}

/** A segment as it was written first, and those below it, by their names in small letters. */
interface Segment {
    readonly written: string;
    readonly at: string;
    readonly below: Map<string, Segment>;
}

/** The paths that were written so far. */
export class WrittenPaths {
    private readonly root = new Map<string, Segment>();

    /** Adds paths, and warns if one, or its beginning, was written before with different case. */
    add(paths: readonly WrittenPath[], findings: Findings): void {
        for (const written of paths) {
            const other = enter(written, this.root);
            if (other !== undefined) {
                findings.add(
                    "path-case",
                    written.at,
                    `${quote(other.own)} and ${quote(other.first)} (${other.at}) are the same path in GitLab. AWS compares exactly, so the spelling that is not in the token never matches.`,
                    "Write both exactly as GitLab shows the path.",
                );
            }
        }
    }
}

interface OtherCase {
    readonly own: string;
    readonly first: string;
    readonly at: string;
}

/** Stores a path up to its first wildcard. Returns the first segment whose case differs from an earlier path. */
function enter({ path, at }: WrittenPath, root: Map<string, Segment>): OtherCase | undefined {
    const segments = path.split("/");
    let other: OtherCase | undefined;
    let level = root;
    for (const [depth, written] of segments.entries()) {
        if (isPattern(written)) {
            break;
        }
        const name = written.toLowerCase();
        const first = level.get(name) ?? { written, at, below: new Map<string, Segment>() };
        level.set(name, first);
        if (first.written !== written && other === undefined) {
            const above = segments.slice(0, depth);
            const [own, earlier] = [written, first.written].map((segment) => [...above, segment].join("/"));
            other = { own: own!, first: earlier!, at: first.at };
        }
        level = first.below;
    }
    return other;
}
