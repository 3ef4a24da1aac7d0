import { describe, InvalidInputsError } from "../contract/findings";
import { quote, withoutTokens } from "../contract/quote";
import { packageJson } from "../contract/schema";
import { doctor } from "./doctor";
import { explain } from "./explain";
import { lint } from "./lint";
import { mirror } from "./mirror";
import { snippet } from "./snippet";
import { OK, UNUSABLE, type ExitStatus, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const USAGE = `aws-gitlab-oidc ${packageJson().version}: GitLab CI/CD jobs and AWS roles

  aws-gitlab-oidc explain --trust-policy FILE (--claims FILE | --token FILE) [--context KEY=VALUE]... [--json]
      Whether AWS would let the job have the role, and if not, why.
  aws-gitlab-oidc lint --trust-policy FILE [--url URL] [--accept ID]... [--json]
      What is wrong with a trust policy, or allowed but worth knowing. Statements that are not for GitLab are not
      checked, and are listed; if there are no others, the exit status is 2.
  aws-gitlab-oidc doctor URL [--ca FILE] [--connect-to HOST:PORT] [--allow-private] [--audience A] [--token FILE]
                         [--timeout S] [--json]
      Whether AWS can use the instance at URL as issuer: address, DNS, TLS, certificates, discovery document, keys and
      times, and a job's ID token. --ca believes an authority of your own; --connect-to sends all packets there.
  aws-gitlab-oidc snippet [--stack-outputs FILE] [--output-name NAME] [--write FILE] [--dir DIR] [--check] [--json]
      The CI configuration of a Pulumi stack, from the stack's outputs on standard input (or in --stack-outputs FILE):
        pulumi stack output --json | aws-gitlab-oidc snippet --write .gitlab/aws.yml
      As the stack made it (an output like gitlabCiYml), or with one of the following made anew from the role ARNs
      (an output like roleArns), then without the rules that follow from the roles' subjects:
        --role KEY... --url URL --audience AUDIENCE --form job|template|component
        --credentials export|web-identity|profile --job-name NAME --stage NAME --image IMAGE --entrypoint WORD...
        --environment NAME --token-variable NAME --role-arn-variable NAME --region REGION --duration SECONDS
        --session-name NAME --no-rules --script LINE... --component-project PATH --component-version VERSION
      --write writes FILE as a whole, for an \`include: local\`; --dir writes the other files of a component below DIR.
      --check writes nothing and shows what would change.
  aws-gitlab-oidc mirror fetch URL --into DIR [--published MIRROR_URL|none] [--overlap HOURS] [--mirror-connect-to HOST:PORT]
      The two documents that AWS needs of an instance which it cannot reach, for IssuerMirror. Keys that the instance
      has no more stay for the overlap (24 hours).
  aws-gitlab-oidc mirror check URL --mirror MIRROR_URL [--wait SECONDS] [--mirror-connect-to HOST:PORT]
      Whether the published mirror is what the instance says now.
  aws-gitlab-oidc mirror add-key FILE --into DIR [--days N]
      Adds the next signing key, in PEM, of which only the public part is written, for 30 days.
  aws-gitlab-oidc mirror job URL --mirror MIRROR_URL --into DIR --stack STACK [--overlap HOURS] [--wait SECONDS]
      [--ca FILE] [--job-name NAME] [--stage NAME] [--image IMAGE]
      A CI job that keeps the mirror up to date, for a schedule.
      fetch and check also take [--ca FILE] [--connect-to HOST:PORT] [--timeout SECONDS], and all but job [--json].

FILE is a path, or - for standard input (once; not for --write). A trust policy may also be the output of
  aws iam get-role --role-name NAME
Exit status: 0 allowed, clean or up to date, 1 refused, an error was found or --check found a change, 2 unusable input.
NO_COLOR turns colour off.
`;

/** Runs `aws-gitlab-oidc` with its arguments and gives back the exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): ExitStatus {
    const [name, ...rest] = args;
    const discreet: Terminal = {
        out: (text) => terminal.out(withoutTokens(text)),
        err: (text) => terminal.err(withoutTokens(text)),
        stdin: (megabytes) => terminal.stdin(megabytes),
        colour: terminal.colour,
    };
    const failed = (error: unknown): number => {
        discreet.err(`aws-gitlab-oidc: ${wordsOf(error)}\n`);
        return UNUSABLE;
    };
    try {
        const status = run(name, rest, discreet, terminal);
        return typeof status === "number" ? status : status.catch(failed);
    } catch (error) {
        return failed(error);
    }
}

function wordsOf(error: unknown): string {
    if (error instanceof InvalidInputsError) {
        return describe(error.findings);
    }
    if (error instanceof UnusableInput) {
        return error.message;
    }
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function run(name: string | undefined, args: readonly string[], discreet: Terminal, exact: Terminal): ExitStatus {
    if (name === "--help" || name === "-h" || args.includes("--help") || args.includes("-h")) {
        discreet.out(USAGE);
        return OK;
    }
    switch (name) {
        case "explain":
            return explain(args, discreet);
        case "lint":
            return lint(args, discreet);
        case "mirror":
            return mirror(args, discreet);
        case "doctor":
            return doctor(args, discreet);
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
