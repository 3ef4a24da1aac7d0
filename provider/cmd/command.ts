import { describe, InvalidInputsError, quote, withoutTokens } from "../findings";
import { packageJson } from "../schema";
import { explain } from "./explain";
import { lint } from "./lint";
import { snippet } from "./snippet";
import { OK, UNUSABLE, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const USAGE = `aws-gitlab-oidc ${packageJson().version}: GitLab CI/CD jobs and AWS roles

  aws-gitlab-oidc explain --trust-policy FILE (--claims FILE | --token FILE) [--context KEY=VALUE]... [--json]
      Whether AWS would let the job have the role, and if not, why.
  aws-gitlab-oidc lint --trust-policy FILE [--url URL] [--accept ID]... [--json]
      What is wrong with a trust policy, or allowed but worth knowing.
  aws-gitlab-oidc snippet [--outputs FILE] [--output NAME] [--into FILE] [--component-dir DIR] [--check] [--json]
      The CI configuration of a Pulumi stack, from the stack's outputs on standard input (or in --outputs FILE):
        pulumi stack output --json | aws-gitlab-oidc snippet --into .gitlab-ci.yml
      As the stack made it (an output like gitlabCiYml), or with one of the following made anew from the role ARNs
      (an output like roleArns), then without the rules that follow from the roles' subjects:
        --role KEY... --url URL --audience AUDIENCE --form job|template|component
        --credentials export|web-identity|profile --job-name NAME --stage NAME --image IMAGE --entrypoint WORD...
        --environment NAME --token-variable NAME --role-arn-variable NAME --region REGION --duration SECONDS
        --session-name NAME --no-rules --script LINE... --component-project PATH --component-version VERSION
      --into puts it between two comment lines of the file and leaves every other byte as it is; --component-dir
      writes the other files of a component below DIR. The change is shown; with --check nothing is written.

FILE is a path, or - for standard input (once; not for --into). A role's trust policy comes from
  aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument
Exit status: 0 allowed, clean or up to date, 1 refused, an error was found or --check found a change, 2 unusable input.
NO_COLOR turns colour off.
`;

/** Runs `aws-gitlab-oidc` with its arguments and gives back the exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): number {
    const [name, ...rest] = args;
    const discreet: Terminal = {
        out: (text) => terminal.out(withoutTokens(text)),
        err: (text) => terminal.err(withoutTokens(text)),
        stdin: (megabytes) => terminal.stdin(megabytes),
        colour: terminal.colour,
    };
    try {
        return run(name, rest, discreet, terminal);
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            discreet.err(`aws-gitlab-oidc: ${describe(error.findings)}\n`);
        } else if (error instanceof UnusableInput) {
            discreet.err(`aws-gitlab-oidc: ${error.message}\n`);
        } else {
            discreet.err(
                `aws-gitlab-oidc: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
            );
        }
        return UNUSABLE;
    }
}

function run(name: string | undefined, args: readonly string[], discreet: Terminal, exact: Terminal): number {
    if (name === "--help" || name === "-h" || args.includes("--help") || args.includes("-h")) {
        discreet.out(USAGE);
        return OK;
    }
    switch (name) {
        case "explain":
            return explain(args, discreet);
        case "lint":
            return lint(args, discreet);
        case "snippet":
            // What it prints is a file, which is not to be changed, and no token goes into it.
            return snippet(args, { ...discreet, out: (text) => exact.out(text) });
        case "--version":
            discreet.out(`${packageJson().version}\n`);
            return OK;
        case undefined:
            throw new UnusableInput(`A command is missing.\n\n${USAGE.trimEnd()}`);
        default:
            throw new UnusableInput(`There is no command ${quote(name)}.\n\n${USAGE.trimEnd()}`);
    }
}
