import { Findings } from "../contract/findings";
import { schema, token } from "../contract/schema";
import { checkShape } from "../contract/shape";

/**
 * The arguments of a function as far as they have the types that schema.json gives them; reports the others. This is the one place
 * where types are checked: what is behind it works on its result, in which null is left out and a wrong value is UNKNOWN.
 */
export function typedArgs<T extends object>(name: string, args: T, findings: Findings): T {
    const { properties, required } = schema().functions[token(name)]!.inputs;
    return checkShape({ properties, required }, args, "", findings) as T;
}
