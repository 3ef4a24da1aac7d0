import { expect } from "chai";
import { auditTrust } from "../../../../provider/audit/audit";
import { type Filter, filteredRoles } from "../../../../provider/audit/page/filter";
import { matrixOf } from "../../../../provider/audit/page/matrix";
import { EVERYTHING, hashOf, type PageRoute, rolesHash, routeOf } from "../../../../provider/audit/page/route";
import { scopeText } from "../../../../provider/audit/page/widths";
import { EXAMPLE_DOCUMENTS } from "../../../support/example-account";

const { roles } = auditTrust({
    documents: Object.entries(EXAMPLE_DOCUMENTS).map(([name, content]) => ({ name, content })),
});

describe("the filter of the page", () => {
    const FILTERS: readonly (readonly [filter: Partial<Filter>, names: readonly string[]])[] = [
        [{ text: "PRODUCTION" }, ["production-deploy", "production-plan"]],
        [{ text: "role/old" }, ["old-runner"]],
        [{ account: "444455556666", power: "read" }, ["staging-data-read", "staging-search-read", "staging-shop-read"]],
        [{ issuer: "gitlab.example.com" }, ["self-managed-deploy", "data-export"]],
        [{ finding: "error" }, ["ci-admin-legacy", "old-runner"]],
        [{ finding: "unprotected-tag" }, ["release-tags"]],
        [{ finding: "none", power: "escalation" }, ["policy-bot"]],
        [{ finding: "any", power: "administrator" }, ["ci-admin-legacy", "platform-terraform"]],
        [{ width: "instance" }, ["ci-admin-legacy"]],
        [{ width: "pattern" }, ["old-runner"]],
        [
            { width: "wide", account: "111122223333" },
            ["ci-admin-legacy", "old-runner", "platform-terraform", "release-tags"],
        ],
        // A project gets the roles of its groups, of patterns that its path matches, and of the instance.
        [{ project: "acme/platform/network" }, ["ci-admin-legacy", "old-runner", "platform-terraform", "release-tags"]],
        [{ project: "4711" }, ["ci-admin-legacy", "policy-bot"]],
        [{ project: "infra/network", issuer: "gitlab.example.com" }, ["self-managed-deploy"]],
        [
            { text: "deploy", order: "name", account: "111122223333", power: "write", finding: "any" },
            ["self-managed-deploy"],
        ],
        [
            { text: "-deploy", order: "used", power: "write", finding: "none" },
            [
                "checkout-deploy",
                "search-deploy",
                "billing-deploy",
                "catalog-deploy",
                "shipping-deploy",
                "identity-deploy",
                "production-deploy",
            ],
        ],
        [{ text: "nothing" }, []],
    ];
    for (const [filter, names] of FILTERS) {
        it(`${JSON.stringify(filter)} finds ${names.join(", ") || "nothing"}`, () =>
            expect(filteredRoles(roles, { ...EVERYTHING, ...filter }).map(({ name }) => name)).to.deep.equal(names));
    }
});

describe("the matrix of the page", () => {
    it("has the widest projects first, and the branches and tags of each cell", () => {
        const wanted = [
            "release-tags",
            "platform-terraform",
            "production-deploy",
            "ci-admin-legacy",
            "old-runner",
            "staging-shop-read",
        ];
        const rows = matrixOf(roles.filter(({ name }) => wanted.includes(name)));
        expect(
            rows.map(({ scope, cells }) => [
                scopeText(scope),
                scope.projectIds.join(),
                [...cells].map(([arn, refs]) => `${arn.replace(/.*\//, "")} ${refs}`).join(),
            ]),
        ).to.deep.equal([
            ["All projects", "", "ci-admin-legacy any"],
            ["acme*", "", "old-runner one"],
            ["acme/…", "", "release-tags some"],
            ["acme/platform/…", "", "platform-terraform any"],
            ["acme/shop/app", "815", "production-deploy one"],
            ["acme/shop/app", "", "staging-shop-read one"],
        ]);
    });
});

describe("the address of a view", () => {
    const ROUTES: readonly (readonly [hash: string, route: Partial<PageRoute> & Record<string, unknown>])[] = [
        ["#", { view: "overview" }],
        [
            "#role=arn:aws:iam::111122223333:role/ci/deploy",
            { view: "role", arn: "arn:aws:iam::111122223333:role/ci/deploy" },
        ],
        [
            "#role=arn:aws:iam::111122223333:role/a%2Bb%3D%26%23c",
            { view: "role", arn: "arn:aws:iam::111122223333:role/a+b=&#c" },
        ],
        [
            "#view=roles&project=acme%2Fapp&page=3",
            { view: "roles", filter: { ...EVERYTHING, project: "acme/app" }, page: 3 },
        ],
        ["#view=projects&power=read", { view: "projects", filter: { ...EVERYTHING, power: "read" }, page: 1 }],
    ];
    for (const [hash, route] of ROUTES) {
        it(`${hash} is read and written`, () => {
            expect(routeOf(hash)).to.deep.equal(route);
            expect(hashOf(route as PageRoute)).to.equal(hash);
        });
    }

    it("of a job has its fields", () => {
        const hash = "#view=job&project_path=acme%2Fapp&ref=main";
        const route = routeOf(hash);
        expect(route).to.deep.include({ view: "job", isAsked: true }).and.nested.include({ "form.ref": "main" });
        expect(hashOf(route)).to.equal(hash);
        expect(routeOf("#view=job")).to.deep.include({ view: "job", isAsked: false });
    });

    it("is the first view if it makes no sense", () => {
        expect(routeOf("#view=nonsense")).to.deep.equal({ view: "overview" });
        expect(routeOf("#view=roles&page=-1")).to.deep.include({ page: 1 });
        expect(rolesHash({ finding: "error" })).to.equal("#view=roles&finding=error");
    });
});
