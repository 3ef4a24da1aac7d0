import type { JSX } from "preact";
import { capitalized, visible } from "../../contract/quote";
import { POWERS } from "../power";
import { type Filter, ORDERS } from "./filter";
import { countsOf, type Model } from "./model";
import { EVERYTHING } from "./route";
import { WIDTHS } from "./widths";

type Options = readonly (readonly [value: string, name: string])[];

/** The form that filters the roles. */
export function Filters({
    model,
    filter,
    onFilter,
}: {
    model: Model;
    filter: Filter;
    onFilter: (filter: Filter) => void;
}): JSX.Element {
    const set = (field: keyof Filter) => (value: string) => onFilter({ ...filter, [field]: value });
    const { report, roles, issuers } = model;
    const rules = countsOf(roles.flatMap(({ findings }) => [...new Set(findings.map(({ id }) => id))]));
    const accounts = report.accounts.filter(({ gitLabRoleCount }) => gitLabRoleCount > 0).map(({ account }) => account);
    const same = (values: readonly string[]): Options => values.map((value) => [value, visible(value)]);
    return (
        <form class="filters" role="search" aria-label="Filter the roles" onSubmit={(event) => event.preventDefault()}>
            <TextField label="Role name or ARN" value={filter.text} onValue={set("text")} />
            <TextField label="Project or group" value={filter.project} onValue={set("project")} />
            <SelectField
                label="Account"
                value={filter.account}
                onValue={set("account")}
                options={[["", "All"], ...same(accounts)]}
            />
            <SelectField
                label="GitLab instance"
                value={filter.issuer}
                onValue={set("issuer")}
                options={[["", "All"], ...same(issuers)]}
            />
            <SelectField
                label="Finding"
                value={filter.finding}
                onValue={set("finding")}
                options={[
                    ["", "All"],
                    ["error", "Errors"],
                    ["warning", "Warnings"],
                    ["any", "Errors or warnings"],
                    ["none", "None"],
                    ...same(rules.map(({ value }) => value)),
                ]}
            />
            <SelectField
                label="Power"
                value={filter.power}
                onValue={set("power")}
                options={[["", "All"], ...POWERS.map((power) => [power, capitalized(power)] as const)]}
            />
            <SelectField
                label="Projects that a role trusts"
                value={filter.width}
                onValue={set("width")}
                options={[["", "All"], ["wide", "More than named projects"], ...Object.entries(WIDTHS)]}
            />
            <SelectField
                label="Order"
                value={filter.order}
                onValue={set("order")}
                options={[...ORDERS].map(([value, { name }]) => [value, name])}
            />
            <button type="button" class="secondary" onClick={() => onFilter(EVERYTHING)}>
                Clear filters
            </button>
        </form>
    );
}

interface FieldProps {
    readonly label: string;
    readonly value: string;
    readonly onValue: (value: string) => void;
}

function TextField({ label, value, onValue }: FieldProps): JSX.Element {
    return (
        <label class="field">
            <span>{label}</span>
            <input
                type="search"
                value={value}
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => onValue(event.currentTarget.value)}
            />
        </label>
    );
}

function SelectField({ label, value, onValue, options }: FieldProps & { readonly options: Options }): JSX.Element {
    // A link can have a value that this report does not have.
    const all = options.some(([each]) => each === value) ? options : [...options, [value, visible(value)] as const];
    return (
        <label class="field">
            <span>{label}</span>
            <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
                {all.map(([each, name]) => (
                    <option key={each} value={each} selected={each === value}>
                        {name}
                    </option>
                ))}
            </select>
        </label>
    );
}
