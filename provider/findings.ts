/** How grave a finding is: an error is refused, a warning is said once and can be accepted. */
export type Severity = "error" | "warning";

/** Every rule of this package and how grave it is to break it. The ids are public: they stand in messages, in `accept` and in the documentation, where `docs/rules.md` has an example and a cure for each. */
export const RULES = {
    // shape of the inputs
    "unknown-property": "error",
    "wrong-type": "error",
    required: "error",
    "plain-required": "error",
    key: "error",
    // identity provider
    "issuer-url": "error",
    audience: "error",
    thumbprint: "error",
    "provider-arn": "error",
    "adopt-conflict": "error",
    "adopt-missing": "error",
    "adopt-audience": "error",
    "redundant-thumbprints": "warning",
    "issuer-check": "error",
    "gitlab-version": "error",
    "self-managed-version": "warning",
    // subjects
    "no-subject": "error",
    "no-scope": "error",
    "several-scopes": "error",
    "no-ref": "error",
    "several-refs": "error",
    "gitlab-path": "error",
    "path-wildcard": "error",
    "ref-name": "error",
    "ref-type": "error",
    "project-id": "error",
    "sub-shape": "error",
    "sub-components": "error",
    "environment-pair": "error",
    "claim-value": "error",
    "claim-issuer": "error",
    latin1: "error",
    "policy-variable": "error",
    "group-wide": "warning",
    "any-branch": "warning",
    "any-ref": "warning",
    "ref-type-undeclared": "warning",
    "unprotected-tag": "warning",
    "path-only": "warning",
    "path-case": "warning",
    "namespace-only": "warning",
    "user-name-only": "warning",
    "long-sub": "warning",
    // any trust policy
    principal: "error",
    action: "error",
    "no-audience": "error",
    "negative-only": "error",
    "anded-subjects": "error",
    "if-exists": "error",
    // conditions
    "condition-operator": "error",
    "condition-key": "error",
    "condition-conflict": "error",
    "literal-wildcard": "error",
    "for-all-values": "error",
    // role
    "role-name": "error",
    "role-path": "error",
    "role-description": "error",
    "role-duration": "error",
    "policy-arn": "error",
    "role-arn": "error",
    "policy-document": "error",
    "inline-policy-size": "error",
    "managed-policy-count": "error",
    tags: "error",
    "former-key": "error",
    "duplicate-name": "error",
    "trust-policy-size": "error",
    "trust-policy-quota": "warning",
    "managed-policy-quota": "warning",
    "administrator-access": "warning",
    "full-access": "warning",
    "pass-role": "warning",
    // CI configuration
    "ci-option": "error",
    "ci-session-name": "error",
    "ci-duration": "error",
    "ci-region": "error",
    "ci-conflict": "error",
    // mirror of an issuer
    "bucket-name": "error",
    "mirror-document": "error",
    "private-key": "error",
    "cache-seconds": "error",
    "cloud-front": "error",
    "cloud-front-partition": "error",
    // functions
    accept: "error",
    claims: "error",
    token: "error",
    // check of an issuer
    "issuer-option": "error",
    "unused-accept": "warning",
} as const satisfies Record<string, Severity>;

/** Id of a rule. */
export type RuleId = keyof typeof RULES;

/** Something that a check found: where, what is wrong and why it matters, and what to write instead. */
export interface Finding {
    /** The rule that was broken. */
    readonly id: RuleId;
    /** Whether it is refused or only said. */
    readonly severity: Severity;
    /** Property path of the inputs, `roles["deploy"].subjects[0].branch`. */
    readonly path: string;
    /** What is wrong, and why it matters, in one sentence or two. */
    readonly message: string;
    /** What to write instead. */
    readonly cure: string;
}

/** Collects findings, so that all of them are reported together. */
export class Findings {
    private readonly found: Finding[] = [];

    add(id: RuleId, path: string, message: string, cure: string): void {
        this.found.push({ id, severity: RULES[id], path, message, cure });
    }

    addAll(findings: readonly Finding[]): void {
        this.found.push(...findings);
    }

    get errors(): readonly Finding[] {
        return this.found.filter((f) => f.severity === "error");
    }

    get warnings(): readonly Finding[] {
        return this.found.filter((f) => f.severity === "warning");
    }
}

/** Inputs that are refused: `findings` has every problem, the message is all of them as text. */
export class InvalidInputsError extends Error {
    /** What tells it from other errors where `instanceof` cannot. */
    override readonly name = "InvalidInputsError";

    /**
     * Puts the findings into words.
     *
     * @param findings Every problem, in the order of the inputs.
     */
    constructor(
        /** Every problem, in the order of the inputs. */
        readonly findings: readonly Finding[],
    ) {
        super(describe(findings));
    }
}

/** What and why, and the cure: a finding without its path. */
export function reasonText({ message, cure, id }: Pick<Finding, "message" | "cure"> & { readonly id: string }): string {
    return `${message} ${cure} [${id}]`;
}

/** One line a finding, behind a line that counts them. */
export function describe(findings: readonly Finding[]): string {
    const lines = findings.map((f) => `  - ${f.path === "" ? "" : `${f.path}: `}${reasonText(f)}`);
    return [`${String(findings.length)} problem${findings.length === 1 ? "" : "s"} with the inputs:`, ...lines].join(
        "\n",
    );
}

/** Path of a property below another: `key("roles", "deploy")` is `roles["deploy"]`. */
export function key(path: string, name: string): string {
    return `${path}[${JSON.stringify(name)}]`;
}

/** Path of a named property below another one, or at the top; a name that is no identifier stands as a key. */
export function property(path: string, name: string): string {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
        return key(path, name);
    }
    return path === "" ? name : `${path}.${name}`;
}

/** The value in quotes for a message, cut where it is long or a token, on one line. */
export function quote(value: unknown): string {
    const text = withoutTokens(JSON.stringify(value ?? null)).replace(
        /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    return text.length > 120 ? `${text.slice(0, 116)}…"` : text;
}

/** The text with no more of a JSON web token than shows that it is one: whoever has the rest has the job's identity. */
export function withoutTokens(text: string): string {
    return text.replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, "eyJ…");
}
