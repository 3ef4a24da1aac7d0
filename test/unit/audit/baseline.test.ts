import Ajv from "ajv";
import { expect } from "chai";
import { auditTrust } from "../../../provider/audit/audit";
import { compareFindings, findingKeys, readBaseline } from "../../../provider/audit/baseline";
import type { FindingKey } from "../../../provider/audit/difference";
import type { AuditReport } from "../../../provider/audit/report";
import { sarifOf } from "../../../provider/audit/sarif";

const roleArn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

function role(name: string, sub: string): object {
    return {
        RoleName: name,
        Arn: roleArn(name),
        AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: {
                        StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
                        StringLike: { "gitlab.com:sub": sub },
                    },
                },
            ],
        },
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

/** The parts of SARIF's schema that a log of this package has. Source: OASIS, sarif-schema-2.1.0.json. */
const SARIF = {
    type: "object",
    required: ["version", "runs"],
    additionalProperties: false,
    properties: {
        $schema: { type: "string", format: "uri" },
        version: { enum: ["2.1.0"] },
        runs: {
            type: "array",
            items: {
                type: "object",
                required: ["tool"],
                additionalProperties: false,
                properties: {
                    tool: {
                        type: "object",
                        required: ["driver"],
                        additionalProperties: false,
                        properties: {
                            driver: {
                                type: "object",
                                required: ["name"],
                                additionalProperties: false,
                                properties: {
                                    name: { type: "string" },
                                    semanticVersion: { type: "string" },
                                    rules: {
                                        type: "array",
                                        uniqueItems: true,
                                        items: {
                                            type: "object",
                                            required: ["id"],
                                            additionalProperties: false,
                                            properties: {
                                                id: { type: "string" },
                                                helpUri: { type: "string", format: "uri" },
                                                defaultConfiguration: {
                                                    type: "object",
                                                    additionalProperties: false,
                                                    properties: {
                                                        level: { enum: ["none", "note", "warning", "error"] },
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                    columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
                    results: {
                        type: "array",
                        items: {
                            type: "object",
                            required: ["message"],
                            additionalProperties: false,
                            properties: {
                                ruleId: { type: "string" },
                                ruleIndex: { type: "integer", minimum: -1 },
                                level: { enum: ["none", "note", "warning", "error"] },
                                message: {
                                    type: "object",
                                    required: ["text"],
                                    additionalProperties: false,
                                    properties: { text: { type: "string" } },
                                },
                                locations: {
                                    type: "array",
                                    items: {
                                        type: "object",
                                        additionalProperties: false,
                                        properties: {
                                            physicalLocation: {
                                                type: "object",
                                                required: ["artifactLocation"],
                                                additionalProperties: false,
                                                properties: {
                                                    artifactLocation: {
                                                        type: "object",
                                                        additionalProperties: false,
                                                        properties: {
                                                            uri: { type: "string", format: "uri-reference" },
                                                        },
                                                    },
                                                },
                                            },
                                            logicalLocations: {
                                                type: "array",
                                                uniqueItems: true,
                                                items: {
                                                    type: "object",
                                                    additionalProperties: false,
                                                    properties: {
                                                        name: { type: "string" },
                                                        fullyQualifiedName: { type: "string" },
                                                        kind: { type: "string" },
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                                partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
                                suppressions: {
                                    type: "array",
                                    uniqueItems: true,
                                    items: {
                                        type: "object",
                                        required: ["kind"],
                                        additionalProperties: false,
                                        properties: {
                                            kind: { enum: ["inSource", "external"] },
                                            status: { enum: ["accepted", "underReview", "rejected"] },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
};

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
        const ajv = new Ajv({
            allErrors: true,
            formats: { uri: /^https:\/\/[^\s]+$/, "uri-reference": URI_REFERENCE },
        });
        const validate = ajv.compile(SARIF);
        for (const name of ["a.json", "-", "\ud800<>?#.json"]) {
            const tagged = { ...GROUP, Tags: [{ Key: "gitlab-oidc:accept", Value: "group-wide" }] };
            validate(sarifOf(audit([WIDE, tagged], name), tool));
            expect(validate.errors).to.equal(null);
        }
    });
});
