import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Narrowing } from "../../../provider/adopt/tighten";
import { runCommand } from "../../../provider/cmd/command";
import { eventOf } from "../../support/events";
import { policy, statement } from "../../support/policies";

const ACCOUNT = "111122223333";
const MAIN = "project_path:acme/app:ref_type:branch:ref:main";

/** A role with all its properties, and its identity provider. */
function documents(account: string, condition: object): object {
    const provider = `arn:aws:iam::${account}:oidc-provider/gitlab.com`;
    const role = {
        Path: "/",
        RoleName: "deploy",
        Arn: `arn:aws:iam::${account}:role/deploy`,
        AssumeRolePolicyDocument: policy(statement(condition, { Principal: { Federated: provider } })),
    };
    return {
        [account]: [
            { RoleDetailList: [{ ...role, RolePolicyList: [], AttachedManagedPolicies: [], Tags: [] }] },
            { Roles: [{ ...role, MaxSessionDuration: 7200 }] },
            { Url: "gitlab.com", ClientIDList: ["https://gitlab.com"], ThumbprintList: [], Tags: [] },
        ],
    };
}

const AUD = { "gitlab.com:aud": "https://gitlab.com" };
const NARROW = { StringEquals: { ...AUD, "gitlab.com:sub": MAIN } };

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;

/** The output of `terraform show -json`: the trust policy is left to AWS. */
const TERRAFORM = {
    format_version: "1.0",
    values: {
        root_module: {
            resources: [
                {
                    address: 'module.a["x y"].aws_iam_role.this[0]',
                    mode: "managed",
                    type: "aws_iam_role",
                    values: {
                        arn: ROLE_ARN,
                        name: "deploy",
                        assume_role_policy: JSON.stringify(policy(statement(NARROW))),
                    },
                },
            ],
        },
    },
};

/** The output of `pulumi stack export` for the role and its identity provider. */
function stackState(...more: readonly object[]): object {
    const urn = (types: string, name: string): string => `urn:pulumi:dev::acme::${types}::${name}`;
    const parent = urn("pulumi:pulumi:Stack", "acme-dev");
    const resource = (type: string, name: string, outputs: object): object => ({
        urn: urn(type, name),
        custom: true,
        type,
        parent,
        outputs,
    });
    const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
    const clientIdLists = ["https://gitlab.com"];
    return {
        version: 3,
        deployment: {
            resources: [
                { urn: parent, custom: false, type: "pulumi:pulumi:Stack" },
                resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "idp", { arn, clientIdLists }),
                resource("aws:iam/role:Role", "ci", { arn: ROLE_ARN, name: "deploy" }),
                ...more,
            ],
        },
    };
}

const TYPESCRIPT = `// Written by aws-gitlab-oidc adopt. Delete this line before you edit the file: without it, the command does not overwrite the file.
import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

const gitlab = new GitLabOidc(
  "gitlab",
  {
    url: "https://gitlab.com",
    audiences: ["https://gitlab.com"],
    roles: {
      deploy: {
        name: "deploy",
        subjects: [
          {
            project: "acme/app",
            branch: "main",
          },
        ],
        maxSessionDuration: 7200,
      },
    },
  },
  { protect: true },
);

export const gitlabRoleArns = gitlab.roleArns;
`;

describe("command adopt", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "adopt-"));
        file("narrow.json", documents(ACCOUNT, NARROW));
        file("open.json", documents(ACCOUNT, { StringEquals: AUD }));
        file("other.json", documents("444455556666", NARROW));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function file(name: string, content: object | string): void {
        writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    }

    const read = (name: string): string => readFileSync(join(folder, name), "utf8");

    async function adopt(line: string, stdin = ""): Promise<{ status: number; out: string; err: string }> {
        const texts = { out: "", err: "" };
        const args = line.split(" ").map((arg) => (/\.json$|^out$/.test(arg) ? join(folder, arg) : arg));
        const status = await runCommand(["adopt", ...args], {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => stdin,
            colour: false,
        });
        return { status, out: texts.out.replaceAll(folder, ""), err: texts.err.replaceAll(folder, "") };
    }

    it("writes a program in TypeScript and the import file, and prints the next steps", async () => {
        const { status, out, err } = await adopt("narrow.json --language typescript --out out");
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(out).to.equal(`wrote /out/index.ts
wrote /out/import.json
The program has 1 role and 1 identity provider of account ${ACCOUNT}

Next
  1. Copy /out/index.ts into a Pulumi project that has the npm package \`pulumi-aws-gitlab-oidc\`, and create a stack of it.
  2. In the project of the program, import what exists. This changes nothing in AWS:
       pulumi import --file /out/import.json --generate-code=false
  3. Compare, then apply:
       pulumi preview --diff
       pulumi up
     Expect no resource to be created, replaced or deleted. Roles and the identity provider may be updated in place, and only
     in \`assumeRolePolicy\`, which allows the same jobs in another form, and in \`tags\`. If the preview shows anything else, do not run \`pulumi up\`.
  4. Remove \`protect: true\` from the program, and run \`pulumi up\` again.
`);
        expect(read("out/index.ts")).to.equal(TYPESCRIPT);
        const { resources } = JSON.parse(read("out/import.json")) as { resources: readonly { name: string }[] };
        expect(resources.map(({ name }) => name)).to.deep.equal([
            "GitLabOidc/gitlab",
            "IdentityProvider/gitlab",
            "OpenIdConnectProvider/gitlab",
            "PipelineRole/gitlab-deploy",
            "Role/gitlab-deploy",
        ]);
    });

    it("leaves an open role out, with the reason, and writes nothing if there is no other", async () => {
        const { status, out, err } = await adopt("open.json --language yaml --out out");
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(out).to.equal(`The program has 0 roles and 0 identity providers of account ${ACCOUNT}

Left as they are: 1 role
  arn:aws:iam::${ACCOUNT}:role/deploy
    Statement[0].Condition: It does not list values of "gitlab.com:sub". Inputs always do.
    A subject would be needed for: Jobs of every project of the instance on any branch or tag
`);
        expect(() => read("out/Pulumi.yaml")).to.throw("ENOENT");
    });

    it("narrows roles to the jobs of the events, and prints both trust policies", async () => {
        const roleArn = `arn:aws:iam::${ACCOUNT}:role/deploy`;
        const time = "2024-02-02T08:30:00Z";
        file("broken.json", {
            Records: [eventOf({ roleArn, time }), { ...eventOf({ roleArn }), eventTime: "yesterday" }],
        });
        const line = "open.json broken.json --language yaml --out out --tighten --period 2024-01-01..2024-03-31";
        const { status, out, err } = await adopt(line);
        expect({ status, err }).to.deep.equal({
            status: 0,
            err: "aws-gitlab-oidc: note: 1 event cannot be read. Jobs that only these events show may lose access.\n",
        });
        const [, report] = out.split("1 identity provider of account 111122223333\n\n");
        expect(report).to
            .contain(`Narrowed to the jobs of the events from 2024-01-01T00:00:00Z to 2024-03-31T23:59:59Z: 1 role
  The first \`pulumi up\` changes these trust policies on purpose. All other jobs lose access.
  arn:aws:iam::${ACCOUNT}:role/deploy
    Of the calls in the events from 2024-01-01T00:00:00Z to 2024-03-31T23:59:59Z in eu-central-1, this policy denies none that the current policy allows. Jobs that ran at other times or in other regions are not included.
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Principal": {
              "Federated": "arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com"
            },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
              "StringEquals": {
    -           "gitlab.com:aud": "https://gitlab.com"
    +           "gitlab.com:aud": "https://gitlab.com",
    +           "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:main"
              }
            }
          }
        ]
      }

Next
`);
        expect(report).to.contain(
            "in `assumeRolePolicy`, which allows the same jobs in another form, or fewer as listed above, and in",
        );
        expect(read("out/Pulumi.yaml")).to.contain("- project: acme/app\n");
        const { narrowing } = JSON.parse((await adopt(`${line} --json`)).out) as { narrowing: Narrowing };
        expect(narrowing.period).to.deep.equal({ from: "2024-01-01T00:00:00Z", to: "2024-03-31T23:59:59Z" });
        expect(narrowing.kept).to.deep.equal([]);
        expect(narrowing.narrowed.map(({ arn, after }) => [arn, after])).to.deep.equal([
            [roleArn, policy(statement(NARROW))],
        ]);
    });

    it("does not narrow a role without an event, and prints the reason", async () => {
        file("events.json", { Records: [eventOf({ roleArn: `arn:aws:iam::${ACCOUNT}:role/other` })] });
        const line =
            "narrow.json events.json --language typescript --out out --tighten --period 2024-01-01..2024-03-31";
        const { status, out, err } = await adopt(line);
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(out).to.contain(`
Not narrowed: 1 role
  arn:aws:iam::${ACCOUNT}:role/deploy
    The events from 2024-01-01T00:00:00Z to 2024-03-31T23:59:59Z have no call for it.

Next
`);
        expect(out).to.contain("allows the same jobs in another form, and in `tags`");
        expect(read("out/index.ts")).to.equal(TYPESCRIPT);
    });

    it("ignores events without --tighten", async () => {
        file("events.json", { Records: [eventOf({ roleArn: `arn:aws:iam::${ACCOUNT}:role/deploy` })] });
        const { status, out } = await adopt("open.json events.json --language yaml --out out");
        expect(status).to.equal(1);
        expect(out).not.to.match(/narrow/i);
    });

    it("overwrites its own files, and no others", async () => {
        for (const language of ["typescript", "yaml", "typescript"]) {
            expect(await adopt(`narrow.json --language ${language} --out out`)).to.include({ status: 0, err: "" });
        }
        const edited = read("out/index.ts").split("\n").slice(1).join("\n");
        file("out/index.ts", edited);
        file("out/import.json", { resources: [] });
        expect(await adopt("narrow.json --language typescript --out out")).to.deep.equal({
            status: 2,
            out: "",
            err: 'aws-gitlab-oidc: "/out/index.ts", "/out/import.json": this command did not write these files, and does not overwrite them. Choose a different path, or delete the files.\n',
        });
        expect([read("out/index.ts"), read("out/import.json")]).to.deep.equal([edited, '{"resources":[]}']);
    });

    it("prints the commands that remove the resources from the state of Terraform, after the first up", async () => {
        file("terraform.json", TERRAFORM);
        const { status, out } = await adopt("narrow.json terraform.json --language yaml --out out");
        expect(status).to.equal(0);
        expect(out).to.contain(
            "  1. Create a stack for /out/Pulumi.yaml: in its folder, run `pulumi stack init` and `pulumi config set aws:region REGION`.\n",
        );
        expect(out.slice(out.indexOf("  4. "))).to
            .equal(`  4. Remove the resources from the state of Terraform (/terraform.json). This deletes nothing in AWS:
       terraform state rm 'module.a["x y"].aws_iam_role.this[0]'
     Then remove them from the configuration. \`terraform plan\` must show no change for them.
  5. Remove \`protect: true\` from the program, and run \`pulumi up\` again.
`);
    });

    it("prints the result as JSON", async () => {
        file("terraform.json", TERRAFORM);
        const files = "narrow.json terraform.json";
        const { status, out, err } = await adopt(`${files} --language yaml --out out --json`);
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(JSON.parse(out)).to.deep.equal({
            account: ACCOUNT,
            files: { program: "/out/Pulumi.yaml", import: "/out/import.json" },
            components: [
                {
                    type: "GitLabOidc",
                    name: "gitlab",
                    providerArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`,
                    roleArns: { deploy: ROLE_ARN },
                },
            ],
            incomplete: [],
            left: [],
            leftProviders: [],
            narrowing: null,
            moved: [],
            dropped: [],
            released: [
                {
                    program: "terraform",
                    source: "/terraform.json",
                    address: 'module.a["x y"].aws_iam_role.this[0]',
                    command: "terraform state rm 'module.a[\"x y\"].aws_iam_role.this[0]'",
                },
            ],
        });
        const open = await adopt("open.json --language yaml --out other --json");
        expect(open).to.include({ status: 1, err: "" });
        expect(JSON.parse(open.out)).to.deep.include({
            files: {},
            components: [],
            left: [
                {
                    arn: ROLE_ARN,
                    reasons: ['Statement[0].Condition: It does not list values of "gitlab.com:sub". Inputs always do.'],
                    jobs: ["Jobs of every project of the instance on any branch or tag"],
                    subjects: [],
                },
            ],
        });
        const incomplete = await adopt("terraform.json --language yaml --out other --json");
        expect(incomplete).to.include({ status: 1, err: "" });
        const [role] = (JSON.parse(incomplete.out) as { incomplete: { arn: string; missing: object[] }[] }).incomplete;
        expect(role!.arn).to.equal(ROLE_ARN);
        expect(role!.missing).to.deep.include({
            what: "all policies",
            call: "aws iam get-account-authorization-details --filter Role LocalManagedPolicy AWSManagedPolicy --output json",
        });
    });

    it("with a stack of Pulumi, prints what moves, and writes aliases in TypeScript and a state in YAML", async () => {
        file("stack.json", stackState());
        const moves = `  1. In the program of the stack "dev", replace these resources by those of /out/FILE. Keep everything else:
       urn:pulumi:dev::acme::aws:iam/openIdConnectProvider:OpenIdConnectProvider::idp
       urn:pulumi:dev::acme::aws:iam/role:Role::ci
`;
        const typescript = await adopt("narrow.json stack.json --language typescript --out out");
        expect(typescript).to.include({ status: 0, err: "" });
        expect(typescript.out).to.equal(`wrote /out/index.ts
The program has 1 role and 1 identity provider of account ${ACCOUNT}

Next
${moves.replace("FILE", "index.ts")}  2. Compare, then apply:
       pulumi preview --diff
       pulumi up
     Expect the components to be created: they exist only in Pulumi.
     Expect no other resource to be created, replaced or deleted. Roles and the identity provider may be updated in place, and only
     in \`assumeRolePolicy\`, which allows the same jobs in another form, and in \`tags\`. If the preview shows anything else, do not run \`pulumi up\`.
     Settings of the former program that components do not have, such as \`forceDetachPolicies\`, may change too.
  3. Remove \`protect: true\`, \`transforms\`, \`former\`, \`stack\` and \`keep\` from the program, and run \`pulumi up\` again.
`);
        for (let run = 0; run < 2; run += 1) {
            const yaml = await adopt("narrow.json stack.json --language yaml --out out");
            expect(yaml).to.include({ status: 0, err: "" });
            expect(yaml.out).to.contain(`wrote /out/Pulumi.yaml\nwrote /out/state.json\nThe program`);
            expect(yaml.out).to
                .contain(`${moves.replace("FILE", "Pulumi.yaml")}  2. Before any other command, give the stack the new state. To go back, import the exported file again:
       pulumi stack import --stack dev --file /out/state.json
  3. Compare, then apply:
`);
        }
        file("out/state.json", stackState());
        expect((await adopt("narrow.json stack.json --language yaml --out out")).err).to.contain(
            '"/out/state.json": this command did not write this file',
        );
    });

    it("needs the state of a stack as a file of its own, without resources that stay below one that moves", async () => {
        const child = { urn: "urn:pulumi:dev::acme::aws:s3/bucket:Bucket::logs", type: "aws:s3/bucket:Bucket" };
        const parent = "urn:pulumi:dev::acme::aws:iam/role:Role::ci";
        file("child.json", stackState({ ...child, custom: true, parent }));
        file("two.json", [stackState(), { Roles: [] }]);
        const rows: readonly (readonly [string, string])[] = [
            [
                "child.json",
                `"/child.json": the parent of "${child.urn}" becomes a child of a component. Give this resource another parent first, and run \`pulumi up\`.`,
            ],
            [
                "two.json",
                '"/two.json" has more than the state of one stack. Give the output of `pulumi stack export` as a file of its own.',
            ],
        ];
        for (const [name, message] of rows) {
            expect(await adopt(`narrow.json ${name} --language yaml --out out`)).to.deep.equal({
                status: 2,
                out: "",
                err: `aws-gitlab-oidc: ${message}\n`,
            });
        }
        expect(() => read("out/Pulumi.yaml")).to.throw("ENOENT");
        const { err } = await adopt("narrow.json - --language yaml --out out", JSON.stringify(stackState()));
        expect(err).to.equal(
            "aws-gitlab-oidc: Standard input cannot be read twice. Give the output of `pulumi stack export` as a file of its own.\n",
        );
    });

    it("has no program in YAML for a tag that Pulumi's YAML reads as a call of a function", async () => {
        const text = read("narrow.json").replace('"Tags":[]', '"Tags":[{"Key":"fn::readFile","Value":"/etc/passwd"}]');
        file("call.json", text);
        expect(await adopt("call.json --language yaml --out out")).to.deep.equal({
            status: 2,
            out: "",
            err: `aws-gitlab-oidc: Pulumi's YAML calls a function for "fn::readFile" in a tag or a policy. Use --language typescript.\n`,
        });
        expect(await adopt("call.json --language typescript --out out")).to.include({ status: 0, err: "" });
        expect(read("out/index.ts")).to.contain('"fn::readFile": "/etc/passwd",');
    });

    it("prints why an identity provider is not in the program", async () => {
        file(
            "slash.json",
            read("narrow.json").replace('["https://gitlab.com"]', '["https://gitlab.com","https://gitlab.com/"]'),
        );
        const { status, out } = await adopt("slash.json --language yaml --out out");
        expect(status).to.equal(0);
        expect(out).to.contain(`The program has 1 role and 0 identity providers of account ${ACCOUNT}

Not in the program, but used by its roles: 1 identity provider
  arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com
    audiences[1]: "https://gitlab.com/" is almost the URL, but audiences are compared exactly. Write "https://gitlab.com".

Next
`);
    });

    it("writes the program of one account", async () => {
        const line = "narrow.json other.json --language yaml --out out";
        expect(await adopt(line)).to.deep.equal({
            status: 2,
            out: "",
            err: `aws-gitlab-oidc: The files have roles of the accounts ${ACCOUNT}, 444455556666, and a program is for one account. Add --account ID. Help: aws-gitlab-oidc help adopt\n`,
        });
        expect(await adopt(`${line} --account 1`)).to.include({
            status: 2,
            err: `aws-gitlab-oidc: --account "1" is not an account of the files. They describe ${ACCOUNT}, 444455556666.\n`,
        });
        expect(await adopt(`${line} --account 444455556666`)).to.include({ status: 0, err: "" });
        expect(read("out/import.json")).to.contain("arn:aws:iam::444455556666:oidc-provider/gitlab.com");
    });

    const mistakes: readonly (readonly [line: string, message: string])[] = [
        ["narrow.json --out out", "--language typescript or yaml is missing. Help: aws-gitlab-oidc help adopt"],
        ["narrow.json --language yaml", "--out DIR is missing. Help: aws-gitlab-oidc help adopt"],
        ["narrow.json --language yml --out out", '--language "yml" is not typescript or yaml.'],
        ["narrow.json --language yaml --out out --url http://gitlab.example.com", "--url: "],
        ["narrow.json --language yaml --out out --tighten", "--tighten requires --period: the period that"],
        ["narrow.json --language yaml --out out --period 90d", "--period can be used only with --tighten."],
        [
            "narrow.json --language yaml --out out --tighten --period 90d",
            "--tighten requires CloudTrail events. Add log files, or the output of `aws cloudtrail lookup-events`.",
        ],
        ["narrow.json --language yaml --out out --tighten --period 90", '--period "90" is not a period.'],
        [
            "narrow.json --language yaml --out out --tighten --period 2024-02-02..2024-01-01",
            '--period: begins at "2024-02-02T00:00:00Z"',
        ],
        [
            "none.json --language yaml --out out",
            "No file has a role. Add the output of `aws iam get-account-authorization-details`. Help: aws-gitlab-oidc help adopt",
        ],
    ];
    for (const [line, message] of mistakes) {
        it(`adopt ${line}: status 2`, async () => {
            file("none.json", { Roles: [] });
            const { status, out, err } = await adopt(line);
            expect({ status, out }).to.deep.equal({ status: 2, out: "" });
            expect(err).to.contain(message);
        });
    }
});
