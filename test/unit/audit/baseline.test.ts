import Ajv from "ajv";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { auditTrust } from "../../../provider/audit/audit";
import { compareFindings, findingKeys, readBaseline } from "../../../provider/audit/baseline";
import type { FindingKey } from "../../../provider/audit/difference";
import type { AuditReport } from "../../../provider/audit/report";
import { sarifOf } from "../../../provider/audit/sarif";
import { trustPolicy } from "../../support/policies";

const roleArn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

function role(name: string, sub: string): object {
    return {
        RoleName: name,
        Arn: roleArn(name),
        AssumeRolePolicyDocument: trustPolicy({
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": sub },
        }),
    };
}

const WIDE = role("wide", "project_path:g*:ref_type:branch:ref:main");
const GROUP = role("group", "project_path:g/*:ref_type:branch:ref:main");
const SUB = 'Statement[0].Condition["StringLike"]["gitlab.com:sub"]';
const WIDE_KEY = { role: roleArn("wide"), id: "path-wildcard", path: SUB };
const GROUP_KEY = { role: roleArn("group"), id: "group-wide", path: SUB };

function audit(roles: readonly object[], name = "roles.json"): AuditReport {
    return auditTrust({ documents: [{ name, content: { Roles: roles } }] });
}

function keysIn(content: unknown): readonly FindingKey[] {
    const keys = readBaseline({ name: "old.json", content: JSON.stringify(content) });
    expect(keys).to.be.an("array");
    return keys as readonly FindingKey[];
}

describe("a report and its baseline", () => {
    it("have nothing new and nothing gone if nothing changed, whatever the texts and witnesses are", () => {
        const report = audit([WIDE, GROUP]);
        const [first, ...others] = report.roles;
        const findings = first!.findings.map((finding) => ({ ...finding, message: "x", fix: "y", witness: null }));
        const old = { ...report, roles: [{ ...first, findings, witnesses: [] }, ...others] };
        expect(compareFindings(keysIn(old), findingKeys(report))).to.deep.equal({ new: [], gone: [] });
    });

    it("differ in what is new and what is gone", () => {
        const [before, now] = [audit([WIDE]), audit([GROUP])];
        expect(compareFindings(keysIn(before), findingKeys(now))).to.deep.equal({ new: [GROUP_KEY], gone: [WIDE_KEY] });
        expect(compareFindings(keysIn(audit([])), findingKeys(audit([WIDE, GROUP])))).to.deep.equal({
            new: [GROUP_KEY, WIDE_KEY],
            gone: [],
        });
    });

    it("leave out what the tag of a role accepts, until the tag is gone", () => {
        const tagged = { ...GROUP, Tags: [{ Key: "gitlab-oidc:accept", Value: "group-wide" }] };
        const [accepted, now] = [audit([tagged]), audit([GROUP])];
        expect(compareFindings(keysIn(now), findingKeys(accepted))).to.deep.equal({ new: [], gone: [GROUP_KEY] });
        expect(compareFindings(keysIn(accepted), findingKeys(now))).to.deep.equal({ new: [GROUP_KEY], gone: [] });
    });

    for (const [title, content, fault] of [
        ["cut off", '{"version": 1, "roles": [', '"old.json" is not JSON.'],
        ["another document", '{"Roles": []}', '"old.json" is JSON, but not a report of an audit.'],
        ["a list", "[]", '"old.json" is JSON, but not an object.'],
        [
            "without IDs",
            '{"version": 1, "roles": [{"arn": "a", "findings": [{"path": ""}]}]}',
            '"old.json" has a finding without role, ID or path.',
        ],
        ["without findings", '{"version": 1, "roles": [{}]}', '"old.json" has a finding without role, ID or path.'],
    ] as const) {
        it(`rejects a baseline that is ${title}`, () => {
            expect(readBaseline({ name: "old.json", content })).to.deep.include({ fault });
        });
    }
});

const URI_REFERENCE =
    /^(?:[a-z][a-z0-9+.-]*:)?(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*(?:#(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*)?$/i;

describe("a report as SARIF", () => {
    const tool = { name: "aws-gitlab-oidc", version: "0.1.0" };

    it("has a result for each finding, with the role and the file", () => {
        const report = audit([GROUP], "exports/account 1.json");
        const [finding] = report.roles[0]!.findings;
        expect(sarifOf(report, tool)).to.deep.equal({
            $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [
                {
                    tool: {
                        driver: {
                            name: "aws-gitlab-oidc",
                            semanticVersion: "0.1.0",
                            rules: [
                                {
                                    id: "group-wide",
                                    helpUri:
                                        "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#group-wide",
                                    defaultConfiguration: { level: "warning" },
                                },
                            ],
                        },
                    },
                    columnKind: "utf16CodeUnits",
                    results: [
                        {
                            ruleId: "group-wide",
                            ruleIndex: 0,
                            level: "warning",
                            message: { text: `${roleArn("group")}: ${SUB}: ${finding!.message} ${finding!.fix}` },
                            locations: [
                                {
                                    physicalLocation: { artifactLocation: { uri: "exports/account%201.json" } },
                                    logicalLocations: [
                                        {
                                            name: "group",
                                            fullyQualifiedName: `${roleArn("group")}#${SUB}`,
                                            kind: "resource",
                                        },
                                    ],
                                },
                            ],
                            partialFingerprints: { "roleRulePath/v1": `${roleArn("group")} group-wide ${SUB}` },
                        },
                    ],
                },
            ],
        });
    });

    for (const [name, uri] of [
        ["javascript:alert(1)", "javascript%3Aalert(1)"],
        ["../../etc/passwd", "../../etc/passwd"],
        ["//evil.example/x", "file:///evil.example/x"],
        ["C:\\exports\\a.json", "C%3A/exports/a.json"],
        ['a?b#c"<\u001b\n.json', "a%3Fb%23c%22%3C%1B%0A.json"],
        ["\ud800", "%EF%BF%BD"],
    ] as const) {
        it(`has the file ${JSON.stringify(name)} as a path`, () => {
            expect(JSON.stringify(sarifOf(audit([WIDE], name), tool))).to.include(
                `"artifactLocation":{"uri":"${uri}"}`,
            );
        });
    }

    it("has no file if the report comes from standard input, and no rule without a result", () => {
        expect(JSON.stringify(sarifOf(audit([WIDE], "-"), tool))).not.to.include("physicalLocation");
        expect(sarifOf(audit([]), tool))
            .to.have.nested.property("runs[0].results")
            .that.deep.equals([]);
    });

    it("has the form of SARIF's schema", () => {
        // Its version of JSON Schema has another name for the ID, and no other difference that matters here.
        const {
            $schema: draft,
            id,
            ...schema
        } = JSON.parse(readFileSync(join(__dirname, "../../fixtures/sarif-2.1.0-rtm.5.json"), "utf8")) as Record<
            string,
            unknown
        >;
        expect(`${String(draft)} ${String(id)}`).to.match(/draft-04.*sarif-2\.1\.0/);
        const ajv = new Ajv({
            allErrors: true,
            strictTypes: false,
            unicodeRegExp: false,
            formats: { uri: /^https:\/\/[^\s]+$/, "uri-reference": URI_REFERENCE, "date-time": true },
        });
        const validate = ajv.compile(schema);
        const group = audit([GROUP]);
        const difference = compareFindings(findingKeys(group), findingKeys(audit([WIDE, GROUP])));
        for (const name of ["a.json", "-", "\ud800<>?#.json"]) {
            const report = audit([WIDE, GROUP], name);
            const tagged = { ...GROUP, Tags: [{ Key: "gitlab-oidc:accept", Value: "group-wide" }] };
            for (const log of [
                sarifOf(report, tool),
                sarifOf({ ...report, difference }, tool),
                sarifOf(audit([WIDE, tagged], name), tool),
                sarifOf(audit([]), tool),
            ]) {
                validate(log);
                expect(validate.errors).to.equal(null);
            }
        }
        // The schema does reject something.
        expect(validate({ version: "2.1.0", runs: [{ tool: { driver: {} } }] })).to.equal(false);
        expect(validate({ ...sarifOf(group, tool), results: [] })).to.equal(false);
    });
});
