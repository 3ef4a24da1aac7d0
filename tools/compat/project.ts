import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { inTemporaryFolder, logFile, run, SetupError } from "../setup/cache";
import { linkPackages, pulumiPackages, quiet, tscOf } from "./packages";
import { resolutions, type Installed } from "./versions";

/** A file that `npm pack` made of this package, and what is in it. */
export interface Packed {
    readonly archive: string;
    /** The unpacked package. */
    readonly folder: string;
}

interface Lock {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** Lets npm choose versions for a project that has these already and adds the package; throws where it refuses or moves them. */
export async function tryInstall(versions: Installed, { archive }: Packed, node: string): Promise<void> {
    const { pulumi, aws, awsx } = versions;
    await inTemporaryFolder("compat-install", async (folder) => {
        const has = { "@pulumi/pulumi": pulumi, "@pulumi/aws": aws, "@pulumi/awsx": awsx };
        const dependencies = { ...has, "pulumi-aws-gitlab-oidc": `file:${archive}` };
        await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
        await run("npm", ["install", "--package-lock-only", ...quiet], {
            log: logFile(`compat-install-${versions.name}`),
            cwd: folder,
            env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) },
            fetching: "what @pulumi/awsx needs from the npm registry",
        });
        const { packages } = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8")) as Lock;
        for (const name of ["@pulumi/pulumi", "@pulumi/aws"] as const) {
            const found = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
            if (found.length !== 1 || found[0]![1].version !== has[name]) {
                const list = found.map(([path, { version }]) => `${path} ${version ?? ""}`).join(", ");
                throw new SetupError(`${name} ${has[name]} was to stay the only one, but npm chose ${list}.`);
            }
        }
    });
}

/** A user's project with these versions and the package in a temporary folder. */
export async function inProject<T>(
    versions: Installed,
    { folder: unpacked }: Packed,
    use: (folder: string) => Promise<T>,
): Promise<T> {
    const pulumi = await pulumiPackages(versions);
    return inTemporaryFolder("compat-project", async (folder) => {
        const modules = join(folder, "node_modules");
        await mkdir(modules);
        await linkPackages(modules, pulumi, ["@pulumi/pulumi", "@pulumi/aws", "@types/node"]);
        await cp(unpacked, join(modules, "pulumi-aws-gitlab-oidc"), { recursive: true });
        return use(folder);
    });
}

const PROGRAM = `import { GitLabOidc, IssuerMirror, PipelineRole, getTrustPolicy } from "pulumi-aws-gitlab-oidc";
import { Role } from "@pulumi/aws/iam/role";
import { describeTrustPolicy, lintTrustPolicy } from "pulumi-aws-gitlab-oidc/trust";
import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import { checkIssuer } from "pulumi-aws-gitlab-oidc/issuer";

const own = new Role("own", { assumeRolePolicy: "{}" });
const subjects = [{ project: "mygroup/myproject", branch: "main" }];
const gitlab = new GitLabOidc("gitlab", { roles: { deploy: { subjects, permissionsBoundary: own.arn } } });
const role = new PipelineRole("role", { providerArn: gitlab.providerArn, subjects });
export const arns: typeof gitlab.roleArns = gitlab.roleArns;
export const name = role.name.apply((known) => known.toUpperCase());
export const all = [IssuerMirror, getTrustPolicy, lintTrustPolicy, describeTrustPolicy, buildGitLabCi, checkIssuer];
`;

/** Type-checks a program with the compiler, in each way of finding modules; throws where it finds anything. */
export async function typeCheck(typescript: string, folder: string, node: string): Promise<void> {
    const tsc = await tscOf(typescript);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "commonjs" }));
    await writeFile(join(folder, "index.ts"), PROGRAM);
    for (const [module, moduleResolution] of resolutions) {
        const options = { target: "es2022", strict: true, noEmit: true, skipLibCheck: true, types: ["node"] };
        const compilerOptions = { ...options, module, moduleResolution };
        await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
        await run(node, [tsc, "-p", folder], { log: logFile(`compat-tsc-${typescript}-${module}`) });
    }
}
