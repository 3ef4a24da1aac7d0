import { expect } from "chai";
import { describeCondition } from "../../../provider/trust/describe-condition";
import { describeSub, plain } from "../../../provider/trust/describe-subject";

describe("a sub value in words", () => {
    const rows: readonly (readonly [sub: string, context: Parameters<typeof describeSub>[1], words: string])[] = [
        [
            "project_path:mygroup/myproject:ref_type:branch:ref:main",
            {},
            "Jobs of the project mygroup/myproject on the branch main",
        ],
        [
            "project_path:mygroup/*:ref_type:tag:ref:v*",
            { beside: { refProtected: true, claims: { userId: ["7"] } } },
            "Jobs of every project in the group mygroup and its subgroups on tags that match v*, protected refs only, started by the user with the ID 7",
        ],
        [
            "project_path:g/p:ref_type:branch:ref:main:ref_protected:true:environment_protected:false:deployment_tier:staging",
            {},
            "Jobs of the project g/p on the branch main, protected refs only, with an unprotected environment of the deployment tier staging",
        ],
        [
            "project_id:4711:ref:main",
            { components: ["project_id", "ref"] },
            "Jobs of the project with the ID 4711 on the branch or tag main",
        ],
        ["project_path:g/p:ref_type:branch:ref:a${$}{b", {}, 'Jobs of the project g/p on the branch "a${b"'],
        [
            "*",
            { beside: { projectId: "4711" } },
            "Jobs of every project of the instance on any branch or tag, in the project with the ID 4711",
        ],
        ["project_id:*:ref_type:branch:ref:main", {}, "Jobs of every project of the instance on the branch main"],
        ["project_path:*", {}, "Jobs of every project of the instance on any branch or tag"],
        [
            "project_path:mygroup/*",
            {},
            'Jobs whose sub claim matches "project_path:mygroup/*", among them jobs of every project in the group mygroup and its subgroups on any branch and every project in the group mygroup and its subgroups on any tag',
        ],
        ["repo:octo/x:*", {}, 'Jobs whose sub claim matches "repo:octo/x:*"'],
        ["repo:octo/x", {}, 'Jobs whose sub claim is "repo:octo/x"'],
        ["repo:octo/x", { operator: "StringEquals" }, 'Jobs whose sub claim is "repo:octo/x"'],
        [
            "project_path:g/p:*",
            { operator: "StringEquals" },
            'Jobs whose sub claim is literally "project_path:g/p:*", with the wildcard as a character',
        ],
        [
            "project_path:g/p:ref_type:branch:ref:main",
            { operator: "StringEqualsIgnoreCase" },
            'Jobs whose sub claim meets StringEqualsIgnoreCase "project_path:g/p:ref_type:branch:ref:main"',
        ],
        ["${aws:x}*", {}, 'Jobs whose sub claim matches "${aws:x}*"'],
    ];
    for (const [sub, context, words] of rows) {
        it(`${sub} ${JSON.stringify(context)}`, () => {
            expect(describeSub(sub, context)).to.equal(words);
        });
    }

    it("cuts long lists of values", () => {
        const userId = Array.from({ length: 12 }, (_, i) => String(i + 1));
        expect(describeSub("project_path:g/p:ref_type:branch:ref:main", { beside: { claims: { userId } } })).to.equal(
            "Jobs of the project g/p on the branch main, started by the user with the ID 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 2 more",
        );
    });

    it("quotes what is long, or not plain", () => {
        expect([plain("a/b-c.d*?"), plain("a b"), plain("é"), plain("a".repeat(101)), plain("")]).to.deep.equal([
            "a/b-c.d*?",
            '"a b"',
            '"é"',
            `"${"a".repeat(101)}"`,
            '""',
        ]);
    });
});

describe("a condition in words", () => {
    const rows: readonly (readonly [operator: string, key: string, values: readonly string[], words: string])[] = [
        ["StringEquals", "aws:RequestedRegion", ["a", "b", "c"], "aws:RequestedRegion is a, b or c"],
        ["StringNotEquals", "aws:RequestedRegion", ["a"], "aws:RequestedRegion is not a"],
        ["StringLike", "sts:RoleSessionName", ["x-*"], "sts:RoleSessionName matches x-*"],
        ["StringNotLike", "sts:RoleSessionName", ["x-*"], "sts:RoleSessionName does not match x-*"],
        ["StringEqualsIgnoreCase", "k", ["a"], "k is, in any case of letters, a"],
        [
            "IpAddressIfExists",
            "aws:SourceIp",
            ["10.0.0.0/8"],
            "aws:SourceIp is in 10.0.0.0/8, or aws:SourceIp is absent",
        ],
        ["NotIpAddress", "aws:SourceIp", ["10.0.0.0/8"], "aws:SourceIp is not in 10.0.0.0/8"],
        ["NumericLessThanEquals", "sts:DurationSeconds", ["3600"], "sts:DurationSeconds is at most 3600"],
        ["NumericGreaterThan", "sts:DurationSeconds", ["3600"], "sts:DurationSeconds is more than 3600"],
        ["DateGreaterThanEquals", "aws:CurrentTime", ["2030-01-31"], "aws:CurrentTime is not before 2030-01-31"],
        ["ForAnyValue:StringEquals", "aws:TagKeys", ["a"], "a value of aws:TagKeys is a"],
        ["ForAllValues:StringLike", "aws:TagKeys", ["a*"], "every value of aws:TagKeys matches a*"],
        ["ArnLike", "aws:SourceArn", ["arn:aws:s3:::x"], "aws:SourceArn matches arn:aws:s3:::x"],
        ["Null", "aws:SourceIp", ["true"], "aws:SourceIp is absent"],
        ["Null", "aws:SourceIp", ["False"], "aws:SourceIp is present"],
        ["Null", "aws:SourceIp", ["true", "false"], "aws:SourceIp is present or absent"],
        ["Unheard", "k y", ["a"], '"k y" meets Unheard a'],
    ];
    for (const [operator, key, values, words] of rows) {
        it(`${operator} ${key}`, () => {
            expect(describeCondition({ operator, key, values })).to.equal(words);
        });
    }
});
