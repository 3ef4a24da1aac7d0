import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { capitalized, visible } from "../../contract/quote";
import type { Finding } from "../../contract/types";
import { GITLAB_COM, issuerOf } from "../../gitlab/issuer-url";
import { CLAIM_KEYS } from "../../iam/condition-keys";
import { DEPLOYMENT_TIERS } from "../token-subs";
import {
    answersFor,
    claimsOf,
    completed,
    ENVIRONMENT_CLAIMS,
    formFaults,
    FURTHER_CLAIMS,
    JOB_FIELDS,
    type JobAnswer,
    type JobField,
    type JobForm,
    type JobVerdict,
    RESULTS,
    subComponentsIn,
} from "./job";
import type { Model } from "./model";
import { amountOf, number, Pager, pageOf, PowerBadge, Prose, RoleLink } from "./parts";
import { ClaimList } from "./role-view";

/** The form "Would this job get in?", and the answer for each role. */
export function JobView({
    model,
    form: given,
    isAsked,
    onAsk,
}: {
    model: Model;
    form: JobForm;
    isAsked: boolean;
    onAsk: (form: JobForm) => void;
}): JSX.Element {
    const form = useMemo(() => completed(given, model.issuers), [given, model]);
    const faults = useMemo(() => (isAsked ? formFaults(form) : []), [form, isAsked]);
    const answers = useMemo(
        () =>
            isAsked && faults.length === 0 ? answersFor(model.roles, form, Math.floor(Date.now() / 1000)) : undefined,
        [model, form, isAsked, faults],
    );
    return (
        <>
            <p>
                Enter a job. The page evaluates the trust policy of each role as AWS does. It does not evaluate resource
                control policies.
            </p>
            <Form model={model} form={form} faults={faults} onAsk={onAsk} />
            <p role="status" class="result">
                {faults.length > 0 && (
                    <span class="fault">Correct {amountOf(faults.length, "field")}, then check again.</span>
                )}
                {answers !== undefined && summaryOf(answers)}
            </p>
            {answers !== undefined && (
                <>
                    <details class="sent">
                        <summary>Claims of the job</summary>
                        <ClaimList claims={claimsOf(form)} />
                    </details>
                    {RESULTS.map((result) => (
                        <Answers
                            key={`${result} ${JSON.stringify(form)}`}
                            result={result}
                            answers={answers.filter((each) => each.result === result)}
                        />
                    ))}
                </>
            )}
        </>
    );
}

function summaryOf(answers: readonly JobAnswer[]): string {
    const count = (wanted: JobVerdict["result"]): number => answers.filter(({ result }) => result === wanted).length;
    const [allowed, depends] = [count("allowed"), count("depends")];
    const got =
        allowed === 0
            ? "The job gets no role"
            : `The job gets ${number(allowed)} of ${amountOf(answers.length, "role")}`;
    return depends === 0 ? `${got}.` : `${got}, and perhaps ${number(depends)} more.`;
}

const CLAIM_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
    Object.values(CLAIM_KEYS).flatMap(({ key, options }) => (options === undefined ? [] : [[key, options] as const])),
);

const YES_OR_NO: Options = [
    ["", "Not known"],
    ["true", "Yes"],
    ["false", "No"],
];

type Options = readonly (readonly [value: string, name: string])[];

function Form({
    model,
    form: before,
    faults,
    onAsk,
}: {
    model: Model;
    form: JobForm;
    faults: readonly Finding[];
    onAsk: (form: JobForm) => void;
}): JSX.Element {
    const [form, setForm] = useState(before);
    const element = useRef<HTMLFormElement>(null);
    useEffect(() => setForm(before), [before]);
    useLayoutEffect(() => element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [faults]);
    const field = (name: JobField): FieldProps => ({
        name,
        value: form[name],
        fault: faults.find(({ path }) => path === name),
        onValue: (value) =>
            // The audience of another instance is another one, too.
            setForm({
                ...form,
                [name]: value,
                ...(name === "issuer" && form.aud === `https://${form.issuer}` && { aud: `https://${value}` }),
            }),
    });
    const components = useMemo(() => subComponentsIn(model.report), [model]);
    const hasEnvironments = components.some((list) => ENVIRONMENT_CLAIMS.some((name) => list.includes(name)));
    return (
        <form
            ref={element}
            class="job"
            aria-label="Job"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                onAsk(trimmed(form));
            }}
        >
            <div class="fields">
                <Select {...field("issuer")} label="GitLab instance" options={same(model.issuers)} />
                <Text {...field("project_path")} label="Project" example="mygroup/myproject" isRequired />
                <Text {...field("project_id")} label="Project ID" example="4711" />
                <Select
                    {...field("ref_type")}
                    label="Branch or tag"
                    options={[
                        ["branch", "Branch"],
                        ["tag", "Tag"],
                    ]}
                />
                <Text {...field("ref")} label="Name of the branch or tag" example="main" isRequired />
                <Select {...field("ref_protected")} label="Protected" options={YES_OR_NO} />
            </div>
            <details open={faults.some(({ path }) => FURTHER.has(path)) || hasFurther(form)}>
                <summary>Further claims</summary>
                <div class="fields">
                    <Text {...field("aud")} label="Audience" />
                    <Select
                        {...field("components")}
                        label="Components of the sub claim"
                        options={components.map((list) => [list, list.replaceAll(",", ", ")])}
                    />
                    {hasEnvironments && (
                        <>
                            <Select
                                {...field("deployment_tier")}
                                label="Deployment tier"
                                options={[["", "No environment"], ...same(DEPLOYMENT_TIERS)]}
                            />
                            <Select
                                {...field("environment_protected")}
                                label="Environment protected"
                                options={YES_OR_NO}
                            />
                        </>
                    )}
                    {form.issuer === issuerOf(GITLAB_COM) &&
                        FURTHER_CLAIMS.map((name) => {
                            const options = CLAIM_OPTIONS.get(name);
                            return options === undefined ? (
                                <Text key={name} {...field(name)} label={name} isCode />
                            ) : (
                                <Select
                                    key={name}
                                    {...field(name)}
                                    label={name}
                                    isCode
                                    options={[["", "Not known"], ...same(options)]}
                                />
                            );
                        })}
                </div>
            </details>
            <button type="submit">Check the job</button>
        </form>
    );
}

const FURTHER: ReadonlySet<string> = new Set<JobField>([...FURTHER_CLAIMS, ...ENVIRONMENT_CLAIMS]);

function hasFurther(form: JobForm): boolean {
    return JOB_FIELDS.some((name) => FURTHER.has(name) && form[name] !== "");
}

function trimmed(form: JobForm): JobForm {
    return Object.fromEntries(JOB_FIELDS.map((name) => [name, form[name].trim()])) as Record<JobField, string>;
}

function same(values: readonly string[]): Options {
    return values.map((value) => [value, visible(value)]);
}

interface FieldProps {
    readonly name: JobField;
    readonly value: string;
    readonly fault: Finding | undefined;
    readonly onValue: (value: string) => void;
}

interface LabelProps {
    readonly label: string;
    /** Whether the label is the name of a claim. */
    readonly isCode?: boolean;
}

function Text({
    label,
    isCode = false,
    example,
    isRequired = false,
    ...field
}: FieldProps & LabelProps & { readonly example?: string; readonly isRequired?: boolean }): JSX.Element {
    const { name, value, fault, onValue } = field;
    return (
        <Labelled label={label} isCode={isCode} field={field}>
            <input
                id={`job-${name}`}
                type="text"
                value={value}
                placeholder={example}
                autocomplete="off"
                autocapitalize="off"
                spellcheck={false}
                required={isRequired}
                aria-invalid={fault !== undefined}
                aria-describedby={fault && `job-${name}-fault`}
                onInput={(event) => onValue(event.currentTarget.value)}
            />
        </Labelled>
    );
}

function Select({
    label,
    isCode = false,
    options,
    ...field
}: FieldProps & LabelProps & { readonly options: Options }): JSX.Element {
    const { name, value, fault, onValue } = field;
    const all = options.some(([each]) => each === value) ? options : [...options, [value, visible(value)] as const];
    return (
        <Labelled label={label} isCode={isCode} field={field}>
            <select
                id={`job-${name}`}
                value={value}
                aria-invalid={fault !== undefined}
                aria-describedby={fault && `job-${name}-fault`}
                onChange={(event) => onValue(event.currentTarget.value)}
            >
                {all.map(([each, text]) => (
                    <option key={each} value={each} selected={each === value}>
                        {text}
                    </option>
                ))}
            </select>
        </Labelled>
    );
}

function Labelled({
    label,
    isCode,
    field: { name, fault },
    children,
}: {
    label: string;
    isCode: boolean;
    field: FieldProps;
    children: ComponentChildren;
}): JSX.Element {
    return (
        <div class="field">
            <label for={`job-${name}`}>{isCode ? <code>{label}</code> : label}</label>
            {children}
            {fault !== undefined && (
                <p class="fault" id={`job-${name}-fault`}>
                    <Prose text={capitalized(`${fault.message} ${fault.fix}`)} />
                </p>
            )}
        </div>
    );
}

const TITLES: Readonly<Record<JobVerdict["result"], string>> = {
    allowed: "Allowed",
    depends: "Depends on more claims",
    denied: "Denied",
};

function Answers({
    result,
    answers,
}: {
    result: JobVerdict["result"];
    answers: readonly JobAnswer[];
}): JSX.Element | null {
    const [wanted, setPage] = useState(1);
    const { page, items } = pageOf(answers, wanted);
    if (answers.length === 0) {
        return null;
    }
    return (
        <div class={`answers answers-${result}`}>
            <h2>
                {TITLES[result]} ({number(answers.length)})
            </h2>
            <ul class="plain">
                {items.map((answer) => (
                    <li key={answer.role.arn}>
                        <p class="facts">
                            <RoleLink role={answer.role} />
                            <PowerBadge power={answer.role.power} isAtLeast={!answer.role.powerComplete} />
                            <span class="muted">Account {visible(answer.role.account)}</span>
                        </p>
                        {result !== "allowed" && (
                            <p>
                                <Prose text={reasonOf(answer)} />
                            </p>
                        )}
                    </li>
                ))}
            </ul>
            <Pager total={answers.length} page={page} what={`roles: ${TITLES[result]}`} onPage={setPage} />
        </div>
    );
}

/** Why the job does not get the role for certain. */
function reasonOf({ result, keys, cause, fix }: JobVerdict): string {
    const names = keys.map((key) => `\`${key}\``).join(" and ");
    return result === "depends"
        ? `Depends on ${names}, which ${keys.length === 1 ? "is" : "are"} not known.`
        : `${cause!} ${fix!}`;
}
