import type { Findings } from "../contract/findings";
import { quote } from "../contract/quote";

/** Names that have a meaning for the shell, the runner or the AWS SDKs. */
const TAKEN =
    /^(?:_|PATH|HOME|PWD|OLDPWD|E?UID|GROUPS|RANDOM|SECONDS|LINENO|BASH\w*|SHELLOPTS|IFS|ENV|PS[124]|SHELL|TMPDIR|LANG|LC_\w+|LD_\w+|OPTIND|OPTARG|PPID|CI|CI_\w+|aws_oidc_\w+|AWS_(?:ACCESS|SECRET|SESSION|SECURITY|CREDENTIAL|PROFILE|DEFAULT|REGION|WEB|ROLE_SESSION|CONFIG|SHARED|CONTAINER|EC2|ENDPOINT|SDK|CA|STS|PAGER)\w*)$/;

// eslint-disable-next-line no-control-regex
export const LINE = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,255}$/;

/** Reports what is wrong with a value of an option. */
export type Look<T> = (value: T, at: string, findings: Findings) => void;

/** The finding for a value that an option does not accept. */
export const fault = (findings: Findings, at: string, message: string, fix: string): void =>
    findings.add("ci-option", at, message, fix);

export const oneOf =
    (values: readonly string[]): Look<string> =>
    (value, at, findings) => {
        if (!values.includes(value)) {
            fault(findings, at, `${quote(value)} is not a valid value.`, `Write ${values.map(quote).join(" or ")}.`);
        }
    };

export const line =
    (what: string, example: string): Look<string> =>
    (value, at, findings) => {
        if (!LINE.test(value) || value.trim() !== value) {
            const message = `${quote(value)} is not ${what}: 1 to 255 characters on one line.`;
            fault(findings, at, message, `Use, for example, ${example}.`);
        }
    };

export const variable =
    (example: string): Look<string> =>
    (value, at, findings) => {
        if (!/^[A-Za-z_]\w*$/.test(value)) {
            const message = `${quote(value)} is not the name of a variable.`;
            fault(findings, at, message, `Use letters, digits and _: ${quote(example)}.`);
        } else if (TAKEN.test(value)) {
            const message = `${quote(value)} is a variable that the shell, the runner or AWS uses.`;
            fault(findings, at, message, `Choose another name: ${quote(example)}.`);
        }
    };

/** The same for a variable that the job's commands have, where an AWS SDK would find it. */
export const jobVariable =
    (example: string): Look<string> =>
    (value, at, findings) => {
        variable(example)(value, at, findings);
        if (value === "AWS_ROLE_ARN") {
            const message = `${quote(value)} is where the AWS SDKs look for a role.`;
            fault(findings, at, message, `Choose another name: ${quote(example)}.`);
        }
    };
