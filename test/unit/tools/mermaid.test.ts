import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectRoot } from "../../../tools/setup/cache";

const PICTURE = /^```mermaid\n(.*?)^```$/gms;

const pictures = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", "*.md"], {
    cwd: projectRoot,
    encoding: "utf8",
})
    .split("\n")
    .filter((page) => page !== "" && existsSync(join(projectRoot, page)))
    .flatMap((page) =>
        [...readFileSync(join(projectRoot, page), "utf8").matchAll(PICTURE)].map(([, text]) => ({ page, text: text! })),
    );

interface Picture {
    readonly participants: readonly string[];
    /** Sender, receiver and text. */
    readonly messages: readonly (readonly [string, string, string])[];
}

// Mermaid ends a statement at `;`, starts an entity at `#` and a comment at `%%`.
const TEXT = "[^\\s;#%](?:[^;#%]*[^\\s;#%])?";
const PARTICIPANT = new RegExp(`^ {4}participant (?<id>[A-Za-z]\\w*)(?: as (?<name>${TEXT}))?$`);
const MESSAGE = new RegExp(`^ {4}(?<from>[A-Za-z]\\w*)--?>>(?<to>[A-Za-z]\\w*): (?<text>${TEXT})$`);
/** Words that begin another statement of Mermaid's sequence diagrams, or end one. */
const KEYWORDS =
    /^(?:participant|actor|create|destroy|box|loop|alt|else|opt|par|par_over|and|critical|option|break|rect|end|note|left|right|over|of|as|off|activate|deactivate|autonumber|title|links?|properties|details|acc\w+)$/i;

/**
 * Reads the small part of Mermaid's sequence diagrams that is used here: participants first, then messages with an arrow between
 * two of them. Source: Mermaid, "Sequence diagrams".
 */
function read(text: string): Picture {
    const [first, ...lines] = text.trimEnd().split("\n");
    if (first !== "sequenceDiagram") {
        throw new Error("line 1: not a sequence diagram");
    }
    const names = new Map<string, string>();
    const messages: (readonly [string, string, string])[] = [];
    lines.forEach((line, i) => {
        const fail = (why: string): never => {
            throw new Error(`line ${i + 2}: ${why}`);
        };
        const participant = PARTICIPANT.exec(line)?.groups;
        const message = MESSAGE.exec(line)?.groups;
        if (participant !== undefined) {
            const { id, name = id } = participant;
            if (KEYWORDS.test(id!) || names.has(id!) || messages.length > 0) {
                fail(`${id!} is a keyword, is there already or comes late`);
            }
            names.set(id!, name!);
        } else if (message !== undefined) {
            const [from, to] = [message["from"]!, message["to"]!].map((id) => names.get(id) ?? fail(`no ${id}`));
            messages.push([from!, to!, message["text"]!]);
        } else {
            fail("neither a participant nor a message");
        }
    });
    return { participants: [...names.values()], messages };
}

describe("pictures in the documentation", () => {
    it("are these", () => {
        expect(pictures.map(({ page }) => page)).to.deep.equal(["README.md"]);
    });

    it("of who talks to whom", () => {
        expect(read(pictures[0]!.text)).to.deep.equal({
            participants: ["GitLab job", "GitLab", "AWS STS", "IAM role and identity provider"],
            messages: [
                ["GitLab job", "GitLab", "request an ID token"],
                ["GitLab", "GitLab job", "ID token with iss, sub and aud"],
                ["GitLab job", "AWS STS", "AssumeRoleWithWebIdentity"],
                ["AWS STS", "GitLab", "fetch discovery document and JWKS"],
                ["AWS STS", "IAM role and identity provider", "check aud and the trust policy"],
                ["AWS STS", "GitLab job", "credentials for one hour, or AccessDenied"],
            ],
        });
    });

    const BROKEN: readonly (readonly [what: string, text: string, why: string])[] = [
        ["another diagram", "flowchart LR\n", "line 1: not a sequence diagram"],
        ["a message without receiver and text", "    Job->>\n", "line 3: neither"],
        ["a message without text", "    Job->>Job:\n", "line 3: neither"],
        ["another arrow", "    Job->Job: x\n", "line 3: neither"],
        ["somebody who is no participant", "    Job->>Jobs: x\n", "line 3: no Jobs"],
        ["a text that ends the statement", "    Job->>Job: a; b\n", "line 3: neither"],
        ["a text with an entity", "    Job->>Job: a #9829 b\n", "line 3: neither"],
        ["a text with a comment", "    Job->>Job: a %% b\n", "line 3: neither"],
        ["a participant twice", "    participant Job\n", "line 3: Job is"],
        ["a keyword as participant", "    participant end\n", "line 3: end is"],
        ["an empty name", "    participant X as \n", "line 3: neither"],
    ];
    for (const [what, text, why] of BROKEN) {
        it(`are not read with ${what}`, () => {
            const whole = text.startsWith(" ") ? `sequenceDiagram\n    participant Job\n${text}` : text;
            expect(() => read(whole)).to.throw(why);
        });
    }
});
