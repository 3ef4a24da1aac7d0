import { FILTER_FIELDS, type Filter } from "./filter";
import { JOB_FIELDS, type JobForm } from "./job";

/** A view of the page. The address contains all of it, after `#`, so a link opens the same view. */
export type PageRoute =
    | { readonly view: "overview" }
    | { readonly view: "role"; readonly arn: string }
    | { readonly view: "roles" | "projects"; readonly filter: Filter; readonly page: number }
    | { readonly view: "job"; readonly form: JobForm; readonly isAsked: boolean };

/** The view of an address, given from its `#` on. */
export function routeOf(hash: string): PageRoute {
    const params = new URLSearchParams(hash.replace(/^#/, ""));
    const arn = params.get("role");
    if (arn !== null) {
        return { view: "role", arn };
    }
    const view = params.get("view");
    switch (view) {
        case "roles":
        case "projects": {
            const page = Number(params.get("page") ?? "1");
            return {
                view,
                filter: fieldsOf(FILTER_FIELDS, params),
                page: Number.isInteger(page) && page > 0 ? page : 1,
            };
        }
        case "job":
            return { view, form: fieldsOf(JOB_FIELDS, params), isAsked: JOB_FIELDS.some((field) => params.has(field)) };
        default:
            return { view: "overview" };
    }
}

/** The address of a view, from its `#` on. */
export function hashOf(route: PageRoute): string {
    switch (route.view) {
        case "overview":
            return "#";
        case "role":
            return `#role=${encodeURIComponent(route.arn).replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
        case "job":
            return hashWith({ view: route.view, ...route.form });
        default:
            return hashWith({
                view: route.view,
                ...route.filter,
                page: route.page === 1 ? "" : String(route.page),
            });
    }
}

/** The address of the roles that match the given fields. */
export function rolesHash(fields: Partial<Filter>): string {
    return hashOf({ view: "roles", filter: { ...EVERYTHING, ...fields }, page: 1 });
}

/** The filter that every role matches. */
export const EVERYTHING: Filter = fieldsOf(FILTER_FIELDS, new URLSearchParams());

function fieldsOf<K extends string>(fields: readonly K[], params: URLSearchParams): Readonly<Record<K, string>> {
    return Object.fromEntries(fields.map((field) => [field, params.get(field) ?? ""])) as Record<K, string>;
}

function hashWith(fields: Readonly<Record<string, string>>): string {
    return `#${new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== "")).toString()}`;
}
