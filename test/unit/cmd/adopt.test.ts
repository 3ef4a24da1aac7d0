import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

    async function adopt(line: string): Promise<{ status: number; out: string; err: string }> {
        const texts = { out: "", err: "" };
        const args = line.split(" ").map((arg) => (/\.json$|^out$/.test(arg) ? join(folder, arg) : arg));
        const status = await runCommand(["adopt", ...args], {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => "",
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
  1. In the project of the program, import what exists. This changes nothing in AWS:
       pulumi import --file /out/import.json --generate-code=false
  2. Compare, then apply:
       pulumi preview --diff
       pulumi up
     Expect no resource to be created, replaced or deleted. Roles and the identity provider may be updated in place, and only
     in \`assumeRolePolicy\`, which allows the same jobs in another form, and in \`tags\`. If the preview shows anything else, do not run \`pulumi up\`.
  3. Remove \`protect: true\` from the program, and run \`pulumi up\` again.
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
