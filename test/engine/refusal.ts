import { expect } from "chai";
import type { Ran } from "./engine";

/** What was refused has these texts among its errors, each problem once, no stack that begins in this package, no map of Go, and nothing of the connection to the plugin. */
export function expectRefusal({ errors, text }: Ran, ...texts: readonly string[]): void {
    const all = errors.join("\n");
    for (const part of texts) {
        expect(all).to.contain(part);
    }
    expect(text).not.to.match(/provider\/(?:components|cmd|\w+\.ts)|bin\/index\.js/);
    expect(text).not.to.match(/ with value '|map\[|connection is closing/);
    const listed = all.split("\n").filter((line) => line.startsWith("  - "));
    expect(listed).to.deep.equal([...new Set(listed)]);
}

/** The problems that an error lists, `path: reason`: each on a line of its own by both routes. */
export function problems({ errors }: Ran): readonly string[] {
    const lines = errors.flatMap((error) => error.split("\n"));
    return lines.flatMap((line) => /^ {2}- (.+)$/.exec(line)?.[1] ?? []);
}

/** What is said where a component was registered before it was refused. */
export const LEFT_IN_STATE =
    "Pulumi counts the component as created: it is in the state, without the resources that are still missing. Fix the problem; the next `up` continues from there.";
