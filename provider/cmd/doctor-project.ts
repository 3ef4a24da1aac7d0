import { isObject } from "../contract/object";
import { quote, visible } from "../contract/quote";
import type { CheckProjectArgs, CheckProjectResult, ProjectCheck } from "../contract/types";
import { checkText, countsText } from "./check-text";
import { nameOf, optionFile, type InputFile, type InputFiles } from "./input-files";
import { jsonText } from "./json-text";
import { optionText, withOptions } from "./option-paths";
import { usageError } from "./options";
import { DOCTOR } from "./reference/doctor";
import { counted, painter, textOf, type Paint } from "./report";
import { FAILED, OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

type DoctorValues = Readonly<Record<string, string | boolean | undefined>>;

/** Whether the options ask for projects. Rejects options that are for the issuer only. */
export function isAboutProject(values: DoctorValues): boolean {
    const given = (names: readonly string[]): string | undefined =>
        names.find((name) => values[name] !== undefined && values[name] !== false);
    const own = given(["project", "group", "inputs", "trust-policy"]);
    if (values["project"] !== undefined && values["group"] !== undefined) {
        throw usageError(DOCTOR, "--project and --group cannot be used together.");
    }
    const other = given(["token", "audience", "allow-private"]);
    if (own !== undefined && other !== undefined) {
        throw usageError(
            DOCTOR,
            `--${own} and --${other} cannot be used together.${other === "token" ? " For the access token of the REST API, set GITLAB_TOKEN." : ""}`,
        );
    }
    return own !== undefined;
}

/** The files that describe a role. */
interface RoleFiles {
    readonly inputs: InputFile | undefined;
    readonly trustPolicy: InputFile | undefined;
}

export function roleFilesOf(values: {
    readonly inputs?: string | undefined;
    readonly "trust-policy"?: string | undefined;
}): RoleFiles {
    const files = {
        inputs: optionFile("--inputs", values.inputs),
        trustPolicy: optionFile("--trust-policy", values["trust-policy"]),
    };
    if (files.inputs !== undefined && files.trustPolicy !== undefined) {
        throw usageError(DOCTOR, "--inputs and --trust-policy cannot be used together.");
    }
    return files;
}

/** The arguments of `checkProject` about the role. */
export function roleIn({ inputs, trustPolicy }: RoleFiles, files: InputFiles): Partial<CheckProjectArgs> {
    if (trustPolicy !== undefined) {
        return { trustPolicy: files.trustPolicy(trustPolicy) };
    }
    if (inputs === undefined) {
        return {};
    }
    const value = files.json(inputs);
    const role = isObject(value) ? value : {};
    if (role["subjects"] === undefined || role["subjects"] === null) {
        const hint = isObject(role["roles"])
            ? ` It has roles: write the inputs of one of them, ${Object.keys(role["roles"]).map(quote).join(" or ")}, into a file.`
            : "";
        throw new UnusableInput(`${nameOf(inputs)} does not have \`subjects\`, the inputs of a role.${hint}`);
    }
    const names = ["subjects", "subClaimComponents", "gitlabVersion"];
    return Object.fromEntries(Object.entries(role).filter(([name]) => names.includes(name)));
}

const PROPERTY_OPTIONS: Readonly<Record<string, string>> = {
    url: "URL",
    project: "--project",
    group: "--group",
    certificateAuthorities: "--ca",
    connectTo: "--connect-to",
    timeout: "--timeout",
    requestTimeout: "--request-timeout",
    token: "GITLAB_TOKEN",
};

/** `aws-gitlab-oidc doctor URL --project GROUP/PROJECT`: whether projects are as a role expects them. */
export async function doctorProject(args: CheckProjectArgs, json: boolean, terminal: Terminal): Promise<number> {
    const { checkProject } = await import("../operations/check-project.js");
    const checked = await checkProject(args).catch((error: unknown) => {
        throw withOptions(error, PROPERTY_OPTIONS);
    });
    const { ok, projects } = checked;
    const checks = checked.checks.map((check) =>
        check.fix === undefined ? check : { ...check, fix: optionText(check.fix, PROPERTY_OPTIONS) },
    );
    const result: CheckProjectResult = { ...checked, checks };
    terminal.out(json ? jsonText(result) : projectText(checks, projects.length, painter(terminal.colour)));
    return ok ? OK : FAILED;
}

/** The checks of the instance, then those of each project. With several projects, only those that did not pass. */
function projectText(checks: readonly ProjectCheck[], count: number, paint: Paint): string {
    const names = [...new Set(checks.flatMap(({ project }) => project ?? []))];
    const isShort = names.length > 1;
    const sections = names.flatMap((name) => {
        const own = checks.filter(({ project, status }) => project === name && !(isShort && status === "pass"));
        return own.length === 0 ? [] : [textOf(["", paint("bold", visible(name))]) + linesOf(own, paint)];
    });
    const failed = checks.some(({ status }) => status === "fail");
    const warned = checks.some(({ status }) => status === "warn");
    return (
        linesOf(
            checks.filter(({ project }) => project === undefined),
            paint,
        ) +
        sections.join("") +
        textOf(["", `${counted(count, "project")}: ${countsText(checks)}`, resultLine({ failed, warned }, paint)])
    );
}

function linesOf(checks: readonly ProjectCheck[], paint: Paint): string {
    return checks
        .map(({ path, message, ...others }) => {
            const text = message.replace(/^Skipped: /, "");
            return checkText({ ...others, message: path === undefined ? text : `${path}: ${text}` }, paint);
        })
        .join("");
}

function resultLine({ failed, warned }: Record<"failed" | "warned", boolean>, paint: Paint): string {
    if (failed) {
        return paint("red", "At least one check failed.");
    }
    return warned ? paint("yellow", "No check failed, but see the warnings.") : paint("green", "No problems found.");
}
