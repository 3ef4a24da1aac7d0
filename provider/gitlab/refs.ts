import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { checkLatin1 } from "../iam/policy-text";

/** Reports what Git does not allow as the name of a branch or tag, or in a pattern for one. */
export function checkRefName(kind: "branch" | "tag", name: string, at: string, findings: Findings): void {
    const fault = (why: string, cure: string): void => findings.add("ref-name", at, `${quote(name)} ${why}.`, cure);
    const prefix = /^refs\/(heads|tags)\//.exec(name);
    if (name === "") {
        fault("is empty", `Write the name: ${kind}: "${kind === "branch" ? "main" : "v1.0"}".`);
    } else if (prefix !== null) {
        fault(
            "is a full ref: the `sub` claim has the short name",
            `Write ${prefix[1] === "heads" ? "branch" : "tag"}: ${quote(name.slice(prefix[0].length))}.`,
        );
    } else if (
        /[\0- ~^:[\\\u007f]/.test(name) ||
        /\.\.|@\{|\/\/|^\/|\/$|\.$|(^|\/)\.|\.lock(\/|$)/.test(name) ||
        name === "@"
    ) {
        fault(
            "is not a name that Git allows (no space ~ ^ : [ \\ or control characters, no `..`, `@{`, `//`, no leading or trailing `/`, no part that begins with `.` or ends with `.lock`), so no job could match",
            `Write the short name of the ${kind} as \`git ${kind}\` lists it.`,
        );
    } else {
        checkLatin1(name, at, findings);
    }
}
