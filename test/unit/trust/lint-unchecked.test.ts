import { expect } from "chai";
import { lintTrustPolicy, type Finding } from "../../../provider/operations/trust";
import { otherIssuer } from "../../../provider/iam/other-issuers";
import { SAYS } from "../../support/wording";

const ACCOUNT = "arn:aws:iam::111122223333";
const GITLAB_COM = `${ACCOUNT}:oidc-provider/gitlab.com`;
const GITHUB = `${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

function statement(federated: string | readonly string[], more: object = {}): object {
    return {
        Effect: "Allow",
        Principal: { Federated: federated },
        Action: "sts:AssumeRoleWithWebIdentity",
        ...more,
    };
}

const RIGHT = {
    Condition: {
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
            "gitlab.com:project_id": "20",
        },
    },
};
const OF_GITHUB = {
    Condition: {
        StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" },
    },
};

const policy = (...statements: readonly object[]): object => ({ Version: "2012-10-17", Statement: statements });

const said = (findings: readonly Finding[]): readonly string[] => findings.map(({ id, path }) => `${id} ${path}`);

describe("lintTrustPolicy, statements that are not for GitLab", () => {
    for (const [provider, reason] of [
        [GITHUB, "token.actions.githubusercontent.com (GitHub Actions)"],
        [`${GITHUB}/octo`, "token.actions.githubusercontent.com/octo (GitHub Actions)"],
        [
            `${ACCOUNT}:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE`,
            "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE (Amazon EKS)",
        ],
        [`${ACCOUNT}:oidc-provider/app.terraform.io`, "app.terraform.io (HCP Terraform)"],
        [`${ACCOUNT}:oidc-provider/api.pulumi.com/oidc`, "api.pulumi.com/oidc (Pulumi Cloud)"],
        [
            `${ACCOUNT}:oidc-provider/api.bitbucket.org/2.0/workspaces/my-team/pipelines-config/identity/oidc`,
            "api.bitbucket.org/2.0/workspaces/my-team/pipelines-config/identity/oidc (Bitbucket Pipelines)",
        ],
        [
            `${ACCOUNT}:oidc-provider/oidc.circleci.com/org/76c9f2a5-0000-4000-8000-000000000000`,
            "oidc.circleci.com/org/76c9f2a5-0000-4000-8000-000000000000 (CircleCI)",
        ],
        [`${ACCOUNT}:saml-provider/okta`, `${ACCOUNT}:saml-provider/okta (SAML)`],
        ["accounts.google.com", "accounts.google.com (Google)"],
        ["cognito-identity.amazonaws.com", "cognito-identity.amazonaws.com (Amazon Cognito)"],
        ["www.amazon.com", "www.amazon.com (Login with Amazon)"],
        ["graph.facebook.com", "graph.facebook.com (Facebook)"],
    ] as const) {
        it(reason, () => {
            const trustPolicy = policy(statement(GITLAB_COM, RIGHT), statement(provider));
            expect(lintTrustPolicy({ trustPolicy })).to.deep.equal({
                findings: [],
                unchecked: [{ path: "Statement[1]", reason: SAYS.notGitLab(reason) }],
            });
        });
    }

    for (const issuer of [
        "app.terraform.io.gitlab.example.com",
        "app.terraform.io/x",
        "accounts.google.com.example.com",
        "token.actions.githubusercontent.com.example.com",
        "token.actions.githubusercontent.company",
        "oidc.eks.example.com",
        "oidc.eks.eu-central-1.amazonaws.com.example.com/id/A",
        "oidc.eks.eu-central-1.amazonaws.com",
        "api.pulumi.com",
        "api.pulumi.com/oidc/x",
        "api.bitbucket.org",
        "oidc.circleci.com",
        "x.app.terraform.io",
        "gitlab.com",
    ]) {
        it(`checks ${issuer} as a GitLab instance`, () => {
            const result = lintTrustPolicy({ trustPolicy: policy(statement(`${ACCOUNT}:oidc-provider/${issuer}`)) });
            expect(said(result.findings)).to.deep.equal([
                "no-subject Statement[0].Condition",
                "no-audience Statement[0].Condition",
            ]);
            expect(result.unchecked).to.deep.equal([]);
            expect(otherIssuer(issuer)).to.equal(undefined);
        });
    }

    it("one provider of several", () => {
        const { findings, unchecked } = lintTrustPolicy({
            trustPolicy: policy(statement([GITLAB_COM, "accounts.google.com", GITHUB], RIGHT)),
        });
        expect(findings).to.deep.equal([]);
        expect(unchecked).to.deep.equal([
            {
                path: "Statement[0].Principal.Federated",
                reason: SAYS.notGitLab(
                    "accounts.google.com (Google), token.actions.githubusercontent.com (GitHub Actions)",
                ),
            },
        ]);
    });

    for (const [title, principal] of [
        ["a service", { Service: "ec2.amazonaws.com" }],
        ["an account", { AWS: "arn:aws:iam::111122223333:root" }],
    ] as const) {
        it(`${title}, who brings no ID token`, () => {
            const other = { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" };
            expect(lintTrustPolicy({ trustPolicy: { Version: "2012-10-17", Statement: other } })).to.deep.equal({
                findings: [],
                unchecked: [
                    { path: "Statement", reason: "It trusts no identity provider, so it does not apply to ID tokens." },
                ],
            });
        });
    }

    it("not what keeps out, nor what has findings already", () => {
        const { unchecked } = lintTrustPolicy({
            trustPolicy: policy(
                statement(GITHUB, { Effect: "Deny" }),
                statement("x"),
                { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
                { Effect: "Allow", Principal: { AWS: "x" }, Action: "sts:*" },
            ),
        });
        expect(unchecked).to.deep.equal([]);
    });
});

describe("lintTrustPolicy, a url and a policy for someone else", () => {
    for (const [title, other] of [
        ["GitHub", statement(GITHUB, OF_GITHUB)],
        ["SAML", statement(`${ACCOUNT}:saml-provider/okta`, { Action: "sts:AssumeRoleWithSAML" })],
        ["Cognito", statement("cognito-identity.amazonaws.com")],
        ["a service", { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    ] as const) {
        it(`${title}: an error`, () => {
            const { findings, unchecked } = lintTrustPolicy({ trustPolicy: policy(other), url: "https://gitlab.com" });
            expect(findings).to.deep.equal([
                {
                    id: "provider-arn",
                    severity: "error",
                    path: "Statement[0].Principal",
                    message:
                        'is not the identity provider of "https://gitlab.com": no job of that instance can assume the role.',
                    fix: 'Write { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/gitlab.com" }.',
                },
            ]);
            expect(unchecked.map(({ path }) => path)).to.deep.equal(["Statement[0]"]);
        });
        it(`${title} beside the instance: none`, () => {
            const trustPolicy = policy(statement(GITLAB_COM, RIGHT), other);
            const { findings, unchecked } = lintTrustPolicy({ trustPolicy, url: "https://gitlab.com" });
            expect(findings).to.deep.equal([]);
            expect(unchecked.map(({ path }) => path)).to.deep.equal(["Statement[1]"]);
        });
    }
});

describe("lintTrustPolicy, keys of GitLab under the provider of someone else", () => {
    for (const [key, fix] of [
        ["gitlab.com:sub", `Trust the issuer of the key: "Federated": "${GITLAB_COM}".`],
        ["gitlab.com:aud", `Trust the issuer of the key: "Federated": "${GITLAB_COM}".`],
        ["GITLAB.com:project_id", `Trust the issuer of the key: "Federated": "${GITLAB_COM}".`],
        [
            "gitlab.example.com:sub",
            `Trust the issuer of the key: "Federated": "${ACCOUNT}:oidc-provider/gitlab.example.com".`,
        ],
        [
            "example.com/gitlab:sub",
            `Trust the issuer of the key: "Federated": "${ACCOUNT}:oidc-provider/example.com/gitlab".`,
        ],
    ] as const) {
        it(key, () => {
            const trustPolicy = policy(statement(GITHUB, { Condition: { StringEquals: { [key]: "x" } } }));
            const { findings } = lintTrustPolicy({ trustPolicy });
            expect(findings.map(({ id, path, fix: said }) => [id, path, said])).to.deep.equal([
                ["condition-key", `Statement[0].Condition["StringEquals"]["${key}"]`, fix],
            ]);
            expect(findings[0]!.message).to.contain(`"${key}"`).and.to.contain('"arn:');
        });
    }

    describe("several keys of one instance", () => {
        const trustPolicy = policy(
            statement(GITHUB, {
                Condition: {
                    StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
                    StringLike: { "gitlab.com:sub": "repo:org/*" },
                },
            }),
        );
        const FINDING = {
            id: "condition-key",
            severity: "error",
            path: 'Statement[0].Condition["StringEquals"]["gitlab.com:aud"]',
            message: `"gitlab.com:aud" and "gitlab.com:sub" are keys of "gitlab.com", but the statement trusts "${GITHUB}". The condition is never met.`,
            fix: `Trust the issuer of the keys: "Federated": "${GITLAB_COM}".`,
        };

        it("are one finding", () => {
            expect(lintTrustPolicy({ trustPolicy }).findings).to.deep.equal([FINDING]);
        });

        it("are one finding with the url of that instance", () => {
            expect(lintTrustPolicy({ trustPolicy, url: "https://gitlab.com" }).findings).to.deep.equal([FINDING]);
        });

        it("are not all that is wrong with the url of another instance", () => {
            const { findings } = lintTrustPolicy({ trustPolicy, url: "https://gitlab.example.com" });
            expect(said(findings)).to.deep.equal([
                'condition-key Statement[0].Condition["StringEquals"]["gitlab.com:aud"]',
                "provider-arn Statement[0].Principal",
            ]);
        });
    });

    it("not the provider's own, global ones, those of SAML or of a third", () => {
        const StringEquals = {
            "token.actions.githubusercontent.com:sub": "x",
            "accounts.google.com:aud": "x",
            "SAML:aud": "x",
            "aws:SourceIp": "x",
            "sts:RoleSessionName": "x",
            sub: "x",
        };
        expect(
            lintTrustPolicy({ trustPolicy: policy(statement(GITHUB, { Condition: { StringEquals } })) }).findings,
        ).to.deep.equal([]);
    });
});

describe("lintTrustPolicy, keys of another issuer under the provider of GitLab", () => {
    const errorsOf = (Condition: object): readonly string[] =>
        lintTrustPolicy({ trustPolicy: policy(statement(GITLAB_COM, { Condition })) })
            .findings.map(({ id }) => id)
            .sort();

    it("are reported by key, and not as a subject and an audience that are missing", () => {
        expect(
            errorsOf({
                StringEquals: {
                    "gitlab.example.com:aud": "https://gitlab.example.com",
                    "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                },
            }),
        ).to.deep.equal(["condition-key", "condition-key"]);
    });

    it("are not those of AWS, which say nothing about the subject", () => {
        expect(errorsOf({ StringEquals: { "aws:RequestTag/x:aud": "x", "aws:RequestTag/x:sub": "x" } })).to.deep.equal([
            "no-audience",
            "no-subject",
        ]);
    });

    it("do not restrict the jobs if the condition is met without the key", () => {
        expect(
            errorsOf({
                StringNotEquals: { "gitlab.example.com:aud": "x", "gitlab.example.com:sub": "x" },
            }),
        ).to.deep.equal(["condition-key", "condition-key", "no-audience", "no-subject"]);
    });
});
