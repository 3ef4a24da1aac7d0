import { expect } from "chai";
import type { Ran } from "./engine";

/** What was refused has these texts among its errors, and no stack that begins in this package. */
export function expectRefusal({ errors, text }: Ran, ...texts: readonly string[]): void {
    const all = errors.join("\n");
    for (const part of texts) {
        expect(all).to.contain(part);
    }
    expect(text).not.to.match(/provider\/(?:components|cmd|\w+\.ts)|bin\/index\.js/);
}

/** The problems that an error lists, `path: reason`: each on a line of its own by both routes. */
export function problems({ errors }: Ran): readonly string[] {
    const lines = errors.flatMap((error) => error.split("\n"));
    return lines.flatMap((line) => {
        const byEngine = /^\s*- property (.+?)(?: with value '.*?')? has a problem: (.*)$/.exec(line);
        const byClass = /^ {2}- (.+)$/.exec(line);
        return byEngine !== null ? `${byEngine[1]!}: ${byEngine[2]!}` : (byClass?.[1] ?? []);
    });
}
