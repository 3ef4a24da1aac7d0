import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { visible } from "../../contract/quote";
import { JobView } from "./job-view";
import type { Model } from "./model";
import { amountOf, number } from "./parts";
import { Overview } from "./overview";
import { RoleView } from "./role-view";
import { Roles } from "./roles";
import { EVERYTHING, hashOf, type PageRoute, routeOf } from "./route";

/** The whole page. */
export function App({ model }: { model: Model }): JSX.Element {
    const [route, setRoute] = useState(() => routeOf(location.hash));
    useEffect(() => {
        const follow = (): void => setRoute(routeOf(location.hash));
        addEventListener("hashchange", follow);
        return () => removeEventListener("hashchange", follow);
    }, []);
    const replace = (next: PageRoute): void => {
        history.replaceState(null, "", hashOf(next));
        setRoute(next);
    };
    const title = titleOf(route, model);
    const heading = useHeading(route, title);
    return (
        <>
            <a
                class="skip"
                href="#main"
                onClick={(event) => {
                    // The part after # has the view.
                    event.preventDefault();
                    heading.current?.focus();
                }}
            >
                Skip to content
            </a>
            <header class="top">
                <p class="product">
                    GitLab access audit<span class="muted"> {accountsText(model)}</span>
                </p>
                <nav aria-label="Views">
                    <ul>
                        {TABS.map(([name, target]) => (
                            <li key={name}>
                                <a href={hashOf(target)} aria-current={currentOf(target, route)}>
                                    {name}
                                </a>
                            </li>
                        ))}
                    </ul>
                </nav>
            </header>
            <main id="main">
                <h1 ref={heading} tabIndex={-1}>
                    {title}
                </h1>
                <View model={model} route={route} onReplace={replace} />
            </main>
            <footer>
                <p>
                    The report lists what the given documents show. It does not include service control policies,
                    resource control policies and resource policies. This page sends nothing over the network.
                </p>
            </footer>
        </>
    );
}

const EMPTY_JOB = routeOf("#view=job");

const TABS: readonly (readonly [name: string, route: PageRoute])[] = [
    ["Overview", { view: "overview" }],
    ["Roles", { view: "roles", filter: EVERYTHING, page: 1 }],
    ["Projects and roles", { view: "projects", filter: EVERYTHING, page: 1 }],
    ["Would this job get in?", EMPTY_JOB],
];

/** A role is one of the roles. */
function currentOf({ view }: PageRoute, route: PageRoute): "page" | "true" | undefined {
    return view === route.view ? "page" : view === "roles" && route.view === "role" ? "true" : undefined;
}

function accountsText({ report }: Model): string {
    const [first, ...others] = report.accounts;
    return first === undefined || others.length > 0
        ? `of ${amountOf(report.accounts.length, "AWS account")}`
        : `of the AWS account ${visible(first.account)}`;
}

function titleOf(route: PageRoute, { report, byArn }: Model): string {
    switch (route.view) {
        case "overview": {
            const all = report.accounts.reduce((sum, { roleCount }) => sum + roleCount, 0);
            return `GitLab jobs can assume ${number(report.roles.length)} of ${amountOf(all, "role")}`;
        }
        case "roles":
            return "Roles that GitLab jobs can assume";
        case "projects":
            return "Projects and the roles that their jobs get";
        case "job":
            return "Would this job get in?";
        case "role":
            return visible(byArn.get(route.arn)?.name ?? "No such role");
    }
}

/** Names the page after the view. The heading of a new view gets the focus, so a screen reader reads it. */
function useHeading(route: PageRoute, title: string): { readonly current: HTMLHeadingElement | null } {
    const heading = useRef<HTMLHeadingElement>(null);
    const isFirst = useRef(true);
    const place = route.view === "role" ? route.arn : route.view;
    useLayoutEffect(() => {
        document.title = `${title} – GitLab access audit`;
    }, [title]);
    useLayoutEffect(() => {
        if (!isFirst.current) {
            scrollTo(0, 0);
            heading.current?.focus({ preventScroll: true });
        }
        isFirst.current = false;
    }, [place]);
    return heading;
}

function View({
    model,
    route,
    onReplace,
}: {
    model: Model;
    route: PageRoute;
    onReplace: (route: PageRoute) => void;
}): JSX.Element {
    switch (route.view) {
        case "overview":
            return <Overview model={model} />;
        case "roles":
        case "projects":
            return (
                <Roles
                    model={model}
                    filter={route.filter}
                    page={route.page}
                    isMatrix={route.view === "projects"}
                    onChange={(filter, page) => onReplace({ view: route.view, filter, page })}
                />
            );
        case "job":
            return (
                <JobView
                    model={model}
                    form={route.form}
                    isAsked={route.isAsked}
                    onAsk={(form) => onReplace({ view: "job", form, isAsked: true })}
                />
            );
        case "role": {
            const role = model.byArn.get(route.arn);
            return role === undefined ? (
                <p>
                    The report has no role <code>{visible(route.arn)}</code> that a GitLab job can assume.
                </p>
            ) : (
                <RoleView key={role.arn} model={model} role={role} />
            );
        }
    }
}
