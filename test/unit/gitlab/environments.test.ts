import { expect } from "chai";
import { guessTier } from "../../../provider/gitlab/environments";

/** The examples of GitLab's page "Environments", and names that fit several of its patterns. */
const NAMES: readonly (readonly [tier: string | undefined, ...names: string[]])[] = [
    ["production", "production", "Production", "prod", "prd", "PRODUCTION-EU", "live", "Live", "gprd"],
    ["staging", "staging", "stg", "stage", "Model", "mdl-model", "pre-prod", "demo", "non-production"],
    ["testing", "test", "TST", "integration", "accept", "acpt", "qa", "QC", "quality-control", "production-test"],
    [
        "development",
        "dev",
        "review",
        "review/main",
        "trunk",
        "development",
        "preview",
        "dev-test",
        "review/$CI_COMMIT_REF_SLUG",
    ],
    ["other", "blue", "eu", "canary", "customer-portal", "4711"],
    // What the variable contains can come before what the rest of the name means.
    [undefined, "$CI_COMMIT_REF_SLUG", "production/$CI_COMMIT_REF_SLUG", "test-${REGION}", "eu-$NAME"],
];

describe("the tier that GitLab takes from the name of an environment", () => {
    for (const [tier, ...names] of NAMES) {
        for (const name of names) {
            it(`${name}: ${tier ?? "not known"}`, () => expect(guessTier(name)).to.equal(tier));
        }
    }
});
