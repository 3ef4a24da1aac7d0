import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { awsVersion } from "../aws-offline/stand-in";
import type { Workspace } from "../workspace";
import { serveFolder } from "./language-host";
import type { Installed } from "./versions";

const program = (bucketName: string, cloudFront: string): string => `
const { GitLabOidc, IssuerMirror } = require("pulumi-aws-gitlab-oidc");
const gitlab = new GitLabOidc("gitlab", {
    tags: { team: "platform" },
    roles: {
        deploy: {
            subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }],
            managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
            inlinePolicies: { own: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] } },
        },
    },
});
const mirror = new IssuerMirror("mirror", {
    bucketName: ${bucketName},
    ${cloudFront}
    discovery: {
        issuer: "https://gitlab.example.com",
        jwks_uri: "https://gitlab.example.com/oauth/discovery/keys",
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
    },
    keys: { keys: [{ kty: "RSA", kid: "one", use: "sig", alg: "RS256", n: "s" + "A".repeat(340) + "Q", e: "AQAB" }] },
});
exports.roleArns = gitlab.roleArns;
exports.issuerUrl = mirror.issuerUrl;
`;

const GOOD = program('"mycompany-gitlab-issuer"', "");
/** Refused when the value is known, after the component is there. */
const BAD = program('require("@pulumi/pulumi").output("bad.name")', "cloudFront: {},");

/** A stack of a project with the package: made, found unchanged, an edit refused, destroyed; throws where one goes otherwise. */
export async function runStack(
    { name, aws }: Installed,
    { folder, node, workspace }: { readonly folder: string; readonly node: string; readonly workspace: Workspace },
): Promise<void> {
    const plugins = workspace.plugins.replace(`version: ${awsVersion()}`, `version: ${aws}`);
    await writeFile(join(folder, "Pulumi.yaml"), `name: compat\nruntime: nodejs\n${plugins}`);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, main: "index.js" }));
    const stack = ["--stack", `${name}-${String(process.pid)}`];
    const pulumi = async (text: string, args: readonly string[]): Promise<{ code: number | null; said: string }> => {
        await writeFile(join(folder, "index.js"), text);
        const { flags, stop } = await serveFolder(folder, node);
        const serving = args[0] === "up" ? flags : [];
        try {
            return await command(workspace, folder, [...args, "--non-interactive", ...serving]);
        } finally {
            stop();
        }
    };
    const up = ["up", "--yes", "--skip-preview", ...stack];
    const steps: readonly (readonly [what: string, text: string, args: readonly string[], answer: RegExp])[] = [
        ["stack init", GOOD, ["stack", "init", ...stack], /Created stack/],
        ["up", GOOD, up, /arn:aws:iam::\d+:role\/gitlab-deploy/],
        ["another up", GOOD, [...up, "--expect-no-changes"], /unchanged/],
        ["an edit that is refused", BAD, up, /bad\.name.*has a dot/],
        ["destroy", GOOD, ["destroy", "--yes", "--skip-preview", ...stack], /deleted/],
        ["stack rm", GOOD, ["stack", "rm", "--yes", ...stack], /has been removed/],
    ];
    for (const [what, text, args, answer] of steps) {
        const { code, said } = await pulumi(text, args);
        if ((code === 0) === (text === BAD) || !answer.test(said)) {
            throw new Error(`${what} ended with status ${String(code)}:\n${said}`);
        }
    }
}

/** Minutes after which a command that does not end is a failure. */
const LIMIT = 3;

function command(
    { tools, env }: Workspace,
    folder: string,
    args: readonly string[],
): Promise<{ code: number | null; said: string }> {
    return new Promise((resolve, reject) => {
        const child = spawn(tools.pulumi.path, args, {
            cwd: folder,
            env,
            stdio: ["ignore", "pipe", "pipe"],
            timeout: LIMIT * 60_000,
        });
        let said = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (more: string) => (said += more));
        }
        child.on("error", reject).on("close", (code) => resolve({ code, said }));
    });
}
