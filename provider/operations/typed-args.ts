import { Findings, throwErrors } from "../contract/findings";
import { isObject } from "../contract/object";
import { schema, token } from "../contract/schema";
import { checkArgs } from "../contract/shape";

/**
 * The arguments of a function that have the types of schema.json; reports the others. This is the only place that checks types. The
 * code behind it uses its result, which leaves out null and has UNKNOWN for a wrong value.
 *
 * @throws InvalidInputsError if the arguments are not an object, because nothing else can be checked then.
 */
export function typedArgs<T extends object>(name: string, args: T, findings: Findings): T {
    const { properties, required } = schema().functions[token(name)]!.inputs;
    const checked = checkArgs({ owner: name, properties, required }, args, "", findings) as T;
    if (!isObject(args)) {
        throwErrors(findings);
    }
    return checked;
}
