import { quote } from "../contract/quote";
import type { Cause } from "../contract/types";
import type { Denial } from "./evaluate";
import { conditionWords } from "../trust/condition-words";

/** Why a guardrail denies a call, or may deny it. */
export function explainDenial({ statement, result, isCertain }: Denial): Cause {
    const name = statement.sid === undefined ? statement.path : `${quote(statement.sid)} (${statement.path})`;
    if (isCertain) {
        const conditions = result.conditions.filter(
            ({ test }) => !(test.operator === "Null" && test.values[0] === "false"),
        );
        return {
            cause: `The resource control policy denies it, although the trust policy allows it. Its statement ${name} applies: ${conditionWords(conditions.length > 0 ? conditions : result.conditions)}.`,
            fix: "Ask the administrators of the AWS organization to allow this job in the resource control policy.",
        };
    }
    const unknown = result.conditions.filter(({ met }) => met === undefined).map(({ test }) => quote(test.key));
    return unknown.length > 0
        ? {
              cause: `The resource control policy may deny it. Its statement ${name} depends on ${unknown.join(", ")}, which is not known here.`,
              fix: "Pass the values in `context`, on the command line with --context.",
          }
        : {
              cause: `The resource control policy may deny it. Its statement ${name} depends on the role: it has ${statement.isNotResource ? "NotResource" : "Resource"} ${statement.resources.map(quote).join(", ")}.`,
              fix: "Pass the ARN of the role in `roleArn`, on the command line the output of `aws iam get-role` as FILE.",
          };
}
