import { expect } from "chai";
import { lookUpFailure, type LookUpFailure } from "../../../provider/iam/provider-lookup";

const URL = "https://gitlab.example.com";
const ARN = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const TOKEN = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider";
const INVOCATION = `invocation of ${TOKEN} returned an error: `;
const BRIDGE = `${INVOCATION}invoking ${TOKEN}: 1 error occurred:\n\t* `;
const DENIED =
    "operation error IAM: ListOpenIDConnectProviders, https response error StatusCode: 403, RequestID: 1, api error AccessDenied: " +
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:ListOpenIDConnectProviders on resource: * because no identity-based policy allows the iam:ListOpenIDConnectProviders action";

const TABLE: Readonly<Record<string, readonly [message: string, expected: LookUpFailure]>> = {
    "none, as the real provider says it": [
        `${BRIDGE}reading IAM OIDC Provider (${URL}): couldn't find resource\n\n`,
        { isMissing: true, reason: `reading IAM OIDC Provider (${URL}): couldn't find resource` },
    ],
    "none, in one line": [
        `${INVOCATION}reading IAM OIDC Provider (${URL}): couldn't find resource`,
        { isMissing: true, reason: `reading IAM OIDC Provider (${URL}): couldn't find resource` },
    ],
    "none, as earlier versions of the real provider say it": [
        `${BRIDGE}finding IAM OIDC Provider by url (${URL}): not found\n\n`,
        { isMissing: true, reason: `finding IAM OIDC Provider by url (${URL}): not found` },
    ],
    "one that is gone after it was listed": [
        `${BRIDGE}reading IAM OIDC Provider: couldn't find resource\n\n`,
        { isMissing: true, reason: "reading IAM OIDC Provider: couldn't find resource" },
    ],
    "one that is gone after it was listed, by its ARN": [
        `${BRIDGE}reading IAM OIDC Provider (${ARN}): couldn't find resource\n\n`,
        { isMissing: true, reason: `reading IAM OIDC Provider (${ARN}): couldn't find resource` },
    ],
    "the list is denied": [
        `${BRIDGE}reading IAM OIDC Provider (${URL}): ${DENIED}\n\n`,
        { isMissing: false, reason: `reading IAM OIDC Provider (${URL}): ${DENIED}` },
    ],
    "what is found may not be read": [
        `${BRIDGE}reading IAM OIDC Provider: operation error IAM: GetOpenIDConnectProvider, api error AccessDenied: no\n\n`,
        {
            isMissing: false,
            reason: "reading IAM OIDC Provider: operation error IAM: GetOpenIDConnectProvider, api error AccessDenied: no",
        },
    ],
    "AWS is not reached": [
        `${BRIDGE}reading IAM OIDC Provider (${URL}): operation error IAM: ListOpenIDConnectProviders, exceeded maximum number of attempts, 3, dial tcp: lookup iam.amazonaws.com: no such host\n\n`,
        {
            isMissing: false,
            reason: `reading IAM OIDC Provider (${URL}): operation error IAM: ListOpenIDConnectProviders, exceeded maximum number of attempts, 3, dial tcp: lookup iam.amazonaws.com: no such host`,
        },
    ],
    "something else is not found": [
        `${BRIDGE}reading IAM OIDC Provider (${URL}): host not found\n\n`,
        { isMissing: false, reason: `reading IAM OIDC Provider (${URL}): host not found` },
    ],
    "something else could not be found": [
        `${INVOCATION}failed to load credentials: couldn't find resource`,
        { isMissing: false, reason: "failed to load credentials: couldn't find resource" },
    ],
    "two errors, one of them that there is none": [
        `${INVOCATION}invoking ${TOKEN}: 2 errors occurred:\n\t* reading IAM OIDC Provider (${URL}): couldn't find resource\n\t* ExpiredToken: no\n\n`,
        {
            isMissing: false,
            reason: `reading IAM OIDC Provider (${URL}): couldn't find resource; ExpiredToken: no`,
        },
    ],
    "no words at all": ["", { isMissing: false, reason: "" }],
};

describe("the look-up of an identity provider: what its failure means", () => {
    for (const [title, [message, expected]] of Object.entries(TABLE)) {
        it(title, () => {
            expect(lookUpFailure(message)).to.deep.equal(expected);
        });
    }
});
