import { parseOperator, type KeyTest } from "../iam/operators";
import { alternatives, plain } from "./describe-subject";

/** The verb of each operator, and of its negation. */
const VERBS: Readonly<Record<string, readonly [is: string, isNot: string]>> = {
    StringEquals: ["is", "is not"],
    StringEqualsIgnoreCase: ["is, in any case of letters,", "is not, in any case of letters,"],
    StringLike: ["matches", "does not match"],
    ArnEquals: ["matches", "does not match"],
    ArnLike: ["matches", "does not match"],
    BinaryEquals: ["is", "is not"],
    Bool: ["is", "is not"],
    IpAddress: ["is in", "is not in"],
    NumericEquals: ["is", "is not"],
    NumericLessThan: ["is less than", "is not less than"],
    NumericLessThanEquals: ["is at most", "is not at most"],
    NumericGreaterThan: ["is more than", "is not more than"],
    NumericGreaterThanEquals: ["is at least", "is not at least"],
    DateEquals: ["is", "is not"],
    DateLessThan: ["is before", "is not before"],
    DateLessThanEquals: ["is not after", "is after"],
    DateGreaterThan: ["is after", "is not after"],
    DateGreaterThanEquals: ["is not before", "is before"],
};

/** A condition in words: "aws:SourceIp is in 203.0.113.0/24 or 198.51.100.0/24". */
export function describeCondition({ operator, key, values }: KeyTest): string {
    const name = plain(key);
    const parsed = parseOperator(operator);
    const verbs = VERBS[parsed?.base ?? ""];
    if (parsed === undefined || (parsed.base !== "Null" && verbs === undefined)) {
        return `${name} meets ${plain(operator)} ${alternatives(values)}`;
    }
    if (parsed.base === "Null") {
        return `${name} is ${values.every((v) => v.toLowerCase() === "true") ? "absent" : values.every((v) => v.toLowerCase() === "false") ? "present" : "present or absent"}`;
    }
    const [is, isNot] = verbs!;
    const subject = { ForAnyValue: `a value of ${name}`, ForAllValues: `every value of ${name}`, one: name }[
        parsed.set ?? "one"
    ];
    const words = `${subject} ${parsed.negated ? isNot : is} ${alternatives(values)}`;
    return parsed.ifExists ? `${words}, or ${name} is absent` : words;
}
