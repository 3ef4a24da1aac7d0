import { expect } from "chai";
import { Findings } from "../../../provider/contract/findings";
import type { Role } from "../../../provider/contract/types";
import { UNKNOWN, type MaybeUnknown } from "../../../provider/contract/unknown";
import { checkRole } from "../../../provider/iam/role";
import { checkSecrets, secretsPolicy } from "../../../provider/iam/secrets";

const START = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:";
const DB = `${START}prod/db-AbCd3F`;
const API = `${START}api-??????`;
const IRELAND = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCd3F";
const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_IN_IRELAND = "arn:aws:kms:eu-west-1:444455556666:key/mrk-1234abcd12ab34cd56ef1234567890ab";

const read = (Resource: unknown): object => ({ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource });
const decrypt = (Resource: unknown, Condition: object): object => ({
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource,
    Condition,
});

describe("policy for secrets", () => {
    const policies: Readonly<Record<string, readonly [Parameters<typeof secretsPolicy>[0], readonly object[]]>> = {
        "one secret": [{ secretArns: [DB] }, [read(DB)]],
        "several, in the same order for the same secrets": [{ secretArns: [DB, API] }, [read([API, DB])]],
        "a key, only through Secrets Manager and only for the secret": [
            { secretArns: [DB], secretKmsKeyArns: [KEY] },
            [
                read(DB),
                decrypt(KEY, {
                    StringEquals: {
                        "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com",
                        "kms:EncryptionContext:SecretARN": DB,
                    },
                }),
            ],
        ],
        "a key for any secret with a name": [
            { secretArns: [API, DB], secretKmsKeyArns: [KEY] },
            [
                read([API, DB]),
                decrypt(KEY, {
                    StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
                    StringLike: { "kms:EncryptionContext:SecretARN": [API, DB] },
                }),
            ],
        ],
        "keys in two regions, each for the secrets of its region": [
            { secretArns: [DB, IRELAND], secretKmsKeyArns: [KEY_IN_IRELAND, KEY] },
            [
                read([DB, IRELAND]),
                decrypt(KEY, {
                    StringEquals: {
                        "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com",
                        "kms:EncryptionContext:SecretARN": DB,
                    },
                }),
                decrypt(KEY_IN_IRELAND, {
                    StringEquals: {
                        "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
                        "kms:EncryptionContext:SecretARN": IRELAND,
                    },
                }),
            ],
        ],
        GovCloud: [
            {
                secretArns: ["arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:db-AbCd3F"],
                secretKmsKeyArns: ["arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1"],
            },
            [
                read("arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:db-AbCd3F"),
                decrypt("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1", {
                    StringEquals: {
                        "kms:ViaService": "secretsmanager.us-gov-west-1.amazonaws.com",
                        "kms:EncryptionContext:SecretARN":
                            "arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:db-AbCd3F",
                    },
                }),
            ],
        ],
        "China, whose service names can end otherwise": [
            {
                secretArns: ["arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-AbCd3F"],
                secretKmsKeyArns: ["arn:aws-cn:kms:cn-north-1:111122223333:key/1"],
            },
            [
                read("arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-AbCd3F"),
                decrypt("arn:aws-cn:kms:cn-north-1:111122223333:key/1", {
                    StringLike: { "kms:ViaService": "secretsmanager.cn-north-1.*" },
                    StringEquals: {
                        "kms:EncryptionContext:SecretARN":
                            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-AbCd3F",
                    },
                }),
            ],
        ],
    };
    for (const [title, [secrets, statements]] of Object.entries(policies)) {
        it(title, () => {
            expect(JSON.parse(secretsPolicy(secrets))).to.deep.equal({ Version: "2012-10-17", Statement: statements });
        });
    }

    it("is the same text for secrets and keys in another order", () => {
        const secretArns = [DB, API, IRELAND];
        const secretKmsKeyArns = [KEY, KEY_IN_IRELAND];
        expect(
            secretsPolicy({ secretArns: [...secretArns].reverse(), secretKmsKeyArns: [...secretKmsKeyArns].reverse() }),
        ).to.equal(secretsPolicy({ secretArns, secretKmsKeyArns }));
    });
});

type Secrets = Exclude<MaybeUnknown<Pick<Role, "secretArns" | "secretKmsKeyArns" | "inlinePolicies">>, symbol>;

type Said = readonly [id: string, path: string, message: string, fix: string];

function said(secrets: Secrets, partition?: string): readonly Said[] {
    const findings = new Findings();
    checkSecrets(secrets, partition, "", findings);
    return [...findings.errors, ...findings.warnings].map(({ id, path, message, fix }) => [id, path, message, fix]);
}

function secret(arn: string, ...expected: readonly (readonly [message: string, fix: string])[]): void {
    it(JSON.stringify(arn), () => {
        const all = expected.map(([message, fix]) => ["secret-arn", "secretArns[0]", message, fix]);
        expect(said({ secretArns: [arn] })).to.deep.equal(all);
    });
}

const TO_ALLOW_MORE = "List each secret. To allow more, write a policy in `inlinePolicies`.";
const LOOKS_LIKE = `It looks like "${START}prod/db-??????".`;
const otherWildcards = (arn: string): string =>
    `"${arn}" has other wildcards than \`-??????\` in place of the six random characters, so it could match other secrets.`;
const noSecret = (arn: string): string => `"${arn}" is not the ARN of a secret.`;
const noSuffix = (arn: string): readonly [string, string] => [
    `"${arn}" does not end with "-" and the six random characters of a secret's ARN, so it matches no secret.`,
    `Write the whole ARN, or "${arn.replace(/-$/, "")}-??????" for any secret with this name.`,
];

describe("ARNs of secrets", () => {
    secret(DB);
    secret(API);
    secret(`${START}a/b/c.d_e+f=g@h-i-123456`);
    secret(`${START}/leading/slash-AbCd3F`);
    secret(`${START}rds!cluster-0d2b1c55-6d4f-4a0e-8a52-1a2b3c4d5e6f-AbCd3F`);
    secret("arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-AbCd3F");
    secret("arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:db-AbCd3F");
    secret("arn:aws-eusc:secretsmanager:eusc-de-east-1:111122223333:secret:db-AbCd3F");
    secret(`${START}${"x".repeat(512)}-AbCd3F`);

    secret(`${START}prod/db`, noSuffix(`${START}prod/db`));
    secret(`${START}prod/db-`, noSuffix(`${START}prod/db-`));
    secret(`${START}prod/db-AbCd3`, noSuffix(`${START}prod/db-AbCd3`));
    secret(`${START}prod/db-*`, [otherWildcards(`${START}prod/db-*`), `Write "${START}prod/db-??????".`]);
    secret(`${START}prod/db*`, [otherWildcards(`${START}prod/db*`), `Write "${START}prod/db-??????".`]);
    secret(`${START}prod/db-?????`, [otherWildcards(`${START}prod/db-?????`), `Write "${START}prod/db-??????".`]);
    secret(`${START}prod/*`, [otherWildcards(`${START}prod/*`), TO_ALLOW_MORE]);
    secret(`${START}*/db-??????`, [otherWildcards(`${START}*/db-??????`), TO_ALLOW_MORE]);
    secret(`${START}*`, [otherWildcards(`${START}*`), TO_ALLOW_MORE]);
    secret("*", [otherWildcards("*"), TO_ALLOW_MORE]);
    secret("arn:aws:secretsmanager:*:111122223333:secret:db-AbCd3F", [
        noSecret("arn:aws:secretsmanager:*:111122223333:secret:db-AbCd3F"),
        LOOKS_LIKE,
    ]);
    secret("prod/db", [
        noSecret("prod/db"),
        'Write "arn:aws:secretsmanager:<region>:<account ID>:secret:prod/db-??????".',
    ]);
    secret("", [noSecret(""), LOOKS_LIKE]);
    secret(START, [noSecret(START), LOOKS_LIKE]);
    secret(`${DB}:password::`, [noSecret(`${DB}:password::`), LOOKS_LIKE]);
    secret(`${DB} `, [noSecret(`${DB} `), LOOKS_LIKE]);
    secret(`${START}\${aws:PrincipalTag/x}-AbCd3F`, [noSecret(`${START}\${aws:PrincipalTag/x}-AbCd3F`), LOOKS_LIKE]);
    secret(DB.replace("111122223333", "1111"), [noSecret(DB.replace("111122223333", "1111")), LOOKS_LIKE]);
    secret(DB.replace("eu-central-1", ""), [noSecret(DB.replace("eu-central-1", "")), LOOKS_LIKE]);
    secret("arn:aws:ssm:eu-central-1:111122223333:parameter/db", [
        noSecret("arn:aws:ssm:eu-central-1:111122223333:parameter/db"),
        LOOKS_LIKE,
    ]);

    it("six lowercase letters at the end, which are more likely a part of the name", () => {
        expect(
            said({ secretArns: [`${START}my-secret`, `${START}my-secret-??????`, `${START}my-secre1`] }),
        ).to.deep.equal([
            [
                "secret-suffix",
                "secretArns[0]",
                `"${START}my-secret" ends with six lowercase letters. If they are part of the secret's name, and not the random characters of its ARN, it matches no secret.`,
                `For a secret with this name, write "${START}my-secret-??????".`,
            ],
        ]);
    });

    it("another partition than the identity provider's", () => {
        expect(said({ secretArns: [DB], secretKmsKeyArns: [KEY] }, "aws-us-gov")).to.deep.equal([
            [
                "secret-arn",
                "secretArns[0]",
                `"${DB}" is in the partition "aws", but the identity provider is in "aws-us-gov".`,
                `Write "${DB.replace("arn:aws:", "arn:aws-us-gov:")}".`,
            ],
            [
                "kms-key-arn",
                "secretKmsKeyArns[0]",
                `"${KEY}" is in the partition "aws", but the identity provider is in "aws-us-gov".`,
                `Write "${KEY.replace("arn:aws:", "arn:aws-us-gov:")}".`,
            ],
        ]);
        expect(said({ secretArns: ["db"] }, "aws-cn")).to.deep.equal([
            [
                "secret-arn",
                "secretArns[0]",
                noSecret("db"),
                'Write "arn:aws-cn:secretsmanager:<region>:<account ID>:secret:db-??????".',
            ],
        ]);
    });

    it("duplicates, each with the place of the first", () => {
        const other = "arn:aws:kms:eu-central-1:111122223333:key/2";
        expect(
            said({ secretArns: [DB, API, DB, DB], secretKmsKeyArns: [KEY, other, KEY] }).map(([id, at, why]) => [
                id,
                at,
                why,
            ]),
        ).to.deep.equal([
            ["secret-arn", "secretArns[2]", `"${DB}" is also listed as secretArns[0].`],
            ["secret-arn", "secretArns[3]", `"${DB}" is also listed as secretArns[0].`],
            ["kms-key-arn", "secretKmsKeyArns[2]", `"${KEY}" is also listed as secretKmsKeyArns[0].`],
        ]);
    });
});

describe("ARNs of keys", () => {
    const EXAMPLE = `It looks like "${KEY}".`;
    const alias = (text: string): Said => [
        "kms-key-arn",
        "secretKmsKeyArns[0]",
        `"${text}" is an alias. In a policy, only its own ARN identifies a key.`,
        "Write the ARN that `aws kms describe-key --key-id alias/prod/db` prints.",
    ];
    const noKey = (text: string): Said => [
        "kms-key-arn",
        "secretKmsKeyArns[0]",
        `"${text}" is not the ARN of a KMS key.`,
        EXAMPLE,
    ];
    const rows: readonly (readonly [string, ...(readonly Said[])])[] = [
        [KEY],
        ["arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"],
        ["alias/prod/db", alias("alias/prod/db")],
        [
            "arn:aws:kms:eu-central-1:111122223333:alias/prod/db",
            alias("arn:aws:kms:eu-central-1:111122223333:alias/prod/db"),
        ],
        ...["1234abcd-12ab-34cd-56ef-1234567890ab", "*", "", KEY.replace(/[^/]*$/, "*"), DB].map(
            (text) => [text, noKey(text)] as const,
        ),
    ];
    for (const [arn, ...expected] of rows) {
        it(JSON.stringify(arn), () => {
            expect(said({ secretArns: [DB], secretKmsKeyArns: [arn] })).to.deep.equal(expected);
        });
    }

    it("a key in a region without a secret, or without secrets at all", () => {
        const unused: Said = [
            "kms-key-arn",
            "secretKmsKeyArns[0]",
            `"${KEY_IN_IRELAND}" is in the region "eu-west-1", but no secret in \`secretArns\` is. A secret and its key are in the same region.`,
            "Remove it, or add the secret.",
        ];
        for (const secretArns of [[DB], [], undefined]) {
            expect(
                said({ ...(secretArns !== undefined && { secretArns }), secretKmsKeyArns: [KEY_IN_IRELAND] }),
            ).to.deep.equal([unused]);
        }
        for (const secretArns of [UNKNOWN, [DB, UNKNOWN], [IRELAND]] as const) {
            expect(said({ secretArns, secretKmsKeyArns: [KEY_IN_IRELAND] })).to.deep.equal([]);
        }
    });
});

describe("secrets and inline policies", () => {
    const document = { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::x" }] };

    it("the name of the policy is reserved, in upper and lower case", () => {
        for (const name of ["secretArns", "secretarns"]) {
            const expected: Said = [
                "key",
                `inlinePolicies["${name}"]`,
                `"${name}" is the name of the policy that \`secretArns\` creates.`,
                "Use another key, or leave out `secretArns`.",
            ];
            const inlinePolicies = { [name]: document };
            expect(said({ secretArns: [DB], inlinePolicies })).to.deep.equal([expected]);
            expect(said({ secretArns: UNKNOWN, inlinePolicies })).to.deep.equal([expected]);
            expect(said({ secretArns: [], inlinePolicies })).to.deep.equal([]);
            expect(said({ inlinePolicies })).to.deep.equal([]);
        }
    });

    /** Secrets whose policy has so many characters with this inline policy. */
    function sizeOf(length: number): readonly string[] {
        const findings = new Findings();
        const own = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"${DB}"}]}`;
        const inlinePolicies = { other: `{"Statement":[{"Sid":"${"x".repeat(length - own.length - 26)}"}]}` };
        const inputs = { secretArns: [DB], inlinePolicies };
        checkRole(inputs, { resourceName: "role", providerArn: undefined }, "", findings);
        return findings.errors.map(({ id, path, message }) => `${path}: ${message} [${id}]`);
    }

    it("all of them have 10,240 characters together", () => {
        expect(sizeOf(10_240)).to.deep.equal([]);
        expect(sizeOf(10_241)).to.deep.equal([
            "inlinePolicies: have 10241 characters without white space, including the policy for `secretArns`, but IAM accepts 10240 for a role. [inline-policy-size]",
        ]);
    });

    it("200 secrets have too many, which no inline policy of the user caused", () => {
        const secretArns = Array.from({ length: 200 }, (_, i) => `${START}app/${String(i).padStart(3, "0")}-??????`);
        const findings = new Findings();
        checkRole({ secretArns }, { resourceName: "role", providerArn: undefined }, "", findings);
        // 112 characters around the list, 72 for each ARN in quotes, and a comma between two.
        expect(findings.errors.map(({ id, path, message, fix }) => [id, path, message, fix])).to.deep.equal([
            [
                "inline-policy-size",
                "secretArns",
                "has 200 secrets, whose policy has 14711 characters, but IAM accepts 10240 for all inline policies of a role.",
                "List fewer secrets, and allow the others with a managed policy of yours.",
            ],
        ]);
    });
});
