import * as pulumi from "@pulumi/pulumi";
import { serveProgram } from "../tools/inline-program";
import { ourInputs, peerInputs } from "./roles";

/** A component made by a plugin, as a generated SDK makes it. */
class Remote extends pulumi.ComponentResource {
    constructor(type: string, outputs: readonly string[], args: object, opts?: pulumi.ComponentResourceOptions) {
        super(type, "gitlab", { ...Object.fromEntries(outputs.map((o) => [o, undefined])), ...args }, opts, true);
    }
}

const OUTPUTS = ["providerArn", "roleArns", "roleNames", "trustPolicies"];
const OURS = [...OUTPUTS, "issuer", "audiences", "gitlabCiYml", "gitlabCiFiles"];

/** The programs that are compared; what they need is loaded when they run, as in a process of their own. */
const PROGRAMS: Readonly<Record<string, (roles: number) => Promise<unknown>>> = {
    async classes(roles) {
        const { GitLabOidc } = await import("pulumi-aws-gitlab-oidc");
        new GitLabOidc("gitlab", ourInputs(roles));
    },
    async handWritten(roles) {
        const { GitLabAccess } = await import("./peers/hand-written/gitlab-access.js");
        new GitLabAccess("gitlab", peerInputs(roles));
    },
    async flat(roles) {
        const { flat } = await import("./peers/hand-written/flat.js");
        flat("gitlab", peerInputs(roles));
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async plugin(roles) {
        new Remote("aws-gitlab-oidc:index:GitLabOidc", OURS, ourInputs(roles));
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async boilerplate(roles) {
        new Remote("bench:index:GitLabAccess", OUTPUTS, peerInputs(roles));
    },
    async accounts(roles) {
        const { Provider } = await import("@pulumi/aws/provider.js");
        const { GitLabOidc } = await import("pulumi-aws-gitlab-oidc");
        for (let i = 1; i <= ACCOUNTS; i += 1) {
            const account = String(i).padStart(12, "9");
            // The emulator takes an access key of twelve digits for the account.
            const provider = new Provider(account, { accessKey: account, secretKey: "testing", region: "us-east-1" });
            new GitLabOidc(`gitlab-${account}`, ourInputs(roles / ACCOUNTS), { provider });
        }
    },
};

const ACCOUNTS = 10;

async function main(): Promise<void> {
    const [name, roles] = process.argv.slice(2) as [string, string];
    const program = PROGRAMS[name]!;
    const { flags } = await serveProgram(() => program(Number(roles)));
    process.stdout.write(`${JSON.stringify(flags)}\n`);
    // Whoever has started this ends it, or is gone.
    process.stdin.resume().on("end", () => process.exit());
}

void main();
