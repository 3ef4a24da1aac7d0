import { expect } from "chai";

/** What a test asserts of a printed finding: its path, its id, and the user's own values that its text has. */
export type Printed = readonly [path: string, id: string, ...values: readonly string[]];

const RULES_PAGE = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md";

/** The second line of a printed finding: the address of its rule. */
export function addressLine(id: string, indent = "    "): string {
    return `${indent}${RULES_PAGE}#${id}`;
}

/**
 * The lines, `PATH: TEXT [ID]`, are these findings, in any order. A line may be followed by the address of its rule. How a finding is
 * worded is asserted beside its rule.
 */
export function expectFindings(lines: readonly string[], expected: readonly Printed[]): void {
    const left = [...lines];
    for (const finding of expected) {
        const at = left.findIndex((line) => isPrinted(line, finding));
        expect(at, `${finding.join(" ")}, which is to be among\n${left.join("\n")}`).to.be.at.least(0);
        left.splice(at, 1);
    }
    expect(left).to.deep.equal([]);
}

function isPrinted(printed: string, [path, id, ...values]: Printed): boolean {
    const [line = "", ...addresses] = printed.split("\n");
    if (addresses.some((address) => address !== addressLine(id))) {
        return false;
    }
    const begin = path === "" ? "" : `${path}: `;
    const end = ` [${id}]`;
    const text = line.slice(begin.length, -end.length);
    return (
        line.startsWith(begin) &&
        line.endsWith(end) &&
        text.trim() !== "" &&
        values.every((value) => text.includes(value))
    );
}
