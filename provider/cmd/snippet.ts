import { dirname, join, resolve } from "node:path";
import { CALLS } from "../operations/calls";
import { InvalidInputsError, reasonText } from "../contract/findings";
import { quote } from "../contract/quote";
import type { RenderedCi } from "../gitlab-ci/component";
import { quoted } from "../gitlab-ci/yaml";
import { isObject } from "../contract/object";
import type { Finding, GetGitlabCiArgs } from "../contract/types";
import { ciOptions, flagOfPath, isGiven, withFlags, type FlagValues } from "./ci-options";
import { commandOption } from "./command-line";
import { hasHeader, isInRepository, pathInRepository, withHeader } from "./generated-file";
import { InputFiles, nameOf } from "./input-files";
import { jsonText } from "./json-text";
import { parse, usageError } from "./options";
import { CI_OPTION_NAMES, SNIPPET } from "./reference/snippet";
import { diffText } from "./report";
import { ciRoles, ciText, outputsSeen, printedText, type CiRoles, type StackOutputs } from "./stack-outputs";
import { foreignFiles, readTarget, readTargetBelow, realPath, writeChanges, type Change } from "./target-file";
import { OK, FAILED, type Terminal } from "./terminal";
import { unifiedDiff } from "./unified-diff";
import { UnusableInput } from "./unusable-input";

/** Options that change the text, which is then generated again. */
const TEXT_FLAGS = ["role", "url", "audience", ...CI_OPTION_NAMES];

/** The outputs of a whole stack may be larger than one policy. */
const MOST_MEGABYTES = 16;
const PIPE = " Pipe the outputs into the command: pulumi stack output --json | aws-gitlab-oidc snippet";

/** The file that GitLab reads without an `include`. */
const CI_FILE = ".gitlab-ci.yml";

/** `aws-gitlab-oidc snippet`: the CI configuration of a Pulumi stack, printed or written to files. */
export function snippet(args: readonly string[], terminal: Terminal): number {
    const { values } = parse(SNIPPET, args);
    const { write, dir, check, json } = values;
    if (check && write === undefined && dir === undefined) {
        throw usageError(SNIPPET, "--check requires --write FILE or --dir DIR.");
    }
    const ci = configuration(readOutputs(values["stack-outputs"], terminal), values, terminal);
    if (write === undefined && dir === undefined) {
        terminal.out(json ? jsonText({ yaml: ci.yaml, files: ci.files }) : ci.yaml);
        return OK;
    }
    const options = textOptions(values);
    const changes = [
        ...(write === undefined ? [] : [fileChange(write, ci.yaml, options)]),
        ...(dir === undefined ? [] : componentChanges(dir, ci.files, options)),
    ];
    checkOwn(changes);
    if (!check) {
        writeChanges(changes);
    }
    const include = write === undefined || check ? undefined : includeOf(changes[0]!);
    if (include !== undefined && !isInRepository(changes[0]!.path)) {
        terminal.err(
            `aws-gitlab-oidc: ${quote(write!)} is not in a Git repository. In \`local\`, write its path from the root of the repository.\n`,
        );
    }
    if (json) {
        const files = changes.map((c) => ({ file: c.name, changed: isChange(c), diff: diffOf(c) }));
        terminal.out(jsonText({ files, ...(include !== undefined && { include }) }));
    } else {
        changes.forEach((change) => terminal.out(reportText(change, check, terminal.colour)));
        terminal.out(include === undefined ? "" : `\nInclude it in ${CI_FILE}:\n\n${include}`);
    }
    return check && changes.some(isChange) ? FAILED : OK;
}

/** The options that the text depends on, quoted for the shell. */
function textOptions(values: FlagValues): readonly string[] {
    return ["output-name", ...TEXT_FLAGS].flatMap((name) => {
        const value = values[name];
        return isGiven(value) ? [commandOption(name, value)] : [];
    });
}

function readOutputs(path: string | undefined, terminal: Terminal): StackOutputs {
    const file = path === undefined ? { path: "-" } : { option: "--stack-outputs", path };
    const value = new InputFiles(terminal, MOST_MEGABYTES).json(file, PIPE);
    if (!isObject(value)) {
        throw new UnusableInput(`${nameOf(file)} is not a JSON object with the outputs of a stack.${PIPE}`);
    }
    return value;
}

interface Given extends FlagValues {
    readonly "output-name"?: string;
    readonly role?: readonly string[];
    readonly url?: string;
    readonly audience?: string;
}

/** The text in the outputs of the stack, unless an option changes it. */
function configuration(outputs: StackOutputs, given: Given, terminal: Terminal): RenderedCi {
    const asked = TEXT_FLAGS.filter((name) => isGiven(given[name]));
    const fromStack = asked.length === 0 ? ciText(outputs, given["output-name"]) : undefined;
    if (fromStack !== undefined) {
        return fromStack;
    }
    const roles = ciRoles(outputs, given["output-name"]);
    if (roles === undefined) {
        throw new UnusableInput(nothingFound(outputs, given["output-name"], asked));
    }
    const args = argsOf(roles, given);
    if (args.url === undefined && args.audience === undefined) {
        terminal.err(
            "aws-gitlab-oidc: The outputs do not name the GitLab instance of the roles. Using https://gitlab.com. To use another instance, add --url URL, or export the outputs issuer and audiences.\n",
        );
    }
    const asFlags = (f: Finding): Finding => ({
        ...f,
        path: sourceOf(f.path, roles, given),
        message: withFlags(f.message),
        fix: withFlags(f.fix),
    });
    try {
        const ci = CALLS.getGitlabCi(args);
        for (const warning of ci.warnings.map(asFlags)) {
            terminal.err(`aws-gitlab-oidc: warning: ${warning.path}: ${reasonText(warning)}\n`);
        }
        return ci;
    } catch (error) {
        throw error instanceof InvalidInputsError ? new InvalidInputsError(error.findings.map(asFlags)) : error;
    }
}

function nothingFound(outputs: StackOutputs, output: string | undefined, asked: readonly string[]): string {
    const where = output === undefined ? "No output has" : `The output ${quote(output)} does not have`;
    const [what, example] =
        asked.length === 0
            ? ["CI/CD configuration or role ARNs", "gitlabCiYml"]
            : [
                  `role ARNs, which ${asked.map((name) => `--${name}`).join(", ")} require${asked.length === 1 ? "s" : ""}`,
                  "roleArns",
              ];
    return `${where} ${what}. ${outputsSeen(outputs)} Export it in the Pulumi program. In TypeScript: export const ${example} = gitlab.${example};`;
}

function argsOf({ name, roleArns, issuer, audience }: CiRoles, given: Given): GetGitlabCiArgs {
    const unknown = (given.role ?? []).find((key) => !Object.hasOwn(roleArns, key));
    if (unknown !== undefined) {
        throw new UnusableInput(
            `--role ${quote(unknown)} is not in the output ${name}. Roles in it: ${Object.keys(roleArns).map(quote).join(", ")}.`,
        );
    }
    const isOther = given.url !== undefined && issuer !== undefined && given.url !== issuer.value;
    const url = given.url ?? (issuer && printedText(issuer));
    const aud = given.audience ?? (isOther || audience === undefined ? undefined : printedText(audience));
    const gitlabCi = ciOptions(given);
    return {
        roleArns: Object.fromEntries(
            Object.entries(roleArns).filter(([key]) => given.role === undefined || given.role.includes(key)),
        ),
        ...(url !== undefined && { url }),
        ...(aud !== undefined && { audience: aud }),
        ...(Object.keys(gitlabCi).length > 0 && { gitlabCi }),
    };
}

/** The source of an invalid argument: an option of the command, or an output. */
function sourceOf(path: string, { name, issuer, audience }: CiRoles, given: Given): string {
    switch (path) {
        case "url":
            return given.url === undefined && issuer !== undefined ? issuer.name : "--url";
        case "audience":
            return given.audience === undefined && audience !== undefined ? audience.name : "--audience";
        default:
            return flagOfPath(path) ?? path.replace(/^roleArns\b/, () => name);
    }
}

function fileChange(name: string, yaml: string, options: readonly string[]): Change {
    const file = readTarget(name);
    if (!/\.ya?ml$/.test(file.path)) {
        throw new UnusableInput(
            `--write ${quote(name)} does not end in .yml or .yaml. GitLab does not include other files.`,
        );
    }
    return {
        ...file,
        after: withHeader(name, yaml, [...options, commandOption("write", pathInRepository(file.path))]),
    };
}

function componentChanges(dir: string, files: RenderedCi["files"], options: readonly string[]): readonly Change[] {
    if (Object.keys(files).length === 0) {
        throw new UnusableInput(
            "--dir requires the files of a CI/CD component, and there are none. Add --form component --component-project PATH.",
        );
    }
    const targets = Object.entries(files).map(([path, content]) => ({
        path,
        content,
        file: readTargetBelow(dir, path),
    }));
    const option = commandOption("dir", dirname(pathInRepository(join(realPath(resolve(dir)), "README.md"))));
    return targets.map(({ path, content, file }) => ({
        ...file,
        after: withHeader(path, content, [...options, option]),
    }));
}

/** Throws if this command did not write a file. */
function checkOwn(changes: readonly Change[]): void {
    const others = changes.filter(({ before = "" }) => before !== "" && !hasHeader(before));
    if (others.length > 0) {
        throw foreignFiles(others.map(({ name }) => name));
    }
}

function isChange({ before, after }: Change): boolean {
    return before !== after;
}

function diffOf({ name, before, after }: Change): string {
    return unifiedDiff(name, before, after);
}

/** The `include` for a new file, unless GitLab reads the file without one. */
function includeOf({ path, before }: Change): string | undefined {
    const local = pathInRepository(path);
    if (before !== undefined || local === CI_FILE) {
        return undefined;
    }
    return `include:\n  - local: ${/^[\w./-]+$/.test(local) ? `/${local}` : quoted(`/${local}`)}\n`;
}

function reportText(change: Change, check: boolean, colour: boolean): string {
    const name = quote(change.name);
    if (!isChange(change)) {
        return `unchanged ${name}\n`;
    }
    return check ? `${diffText(diffOf(change), colour)}would change ${name}\n` : `wrote ${name}\n`;
}
