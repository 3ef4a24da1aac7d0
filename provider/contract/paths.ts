import { quote } from "./quote";

/** Path of a property below another: `key("roles", "deploy")` is `roles["deploy"]`. */
export function key(path: string, name: string): string {
    return `${path}[${quote(name)}]`;
}

/** Path of a named property below another one, or at the top. A long name, or one that is not an identifier, is written as a key. */
export function property(path: string, name: string): string {
    if (!/^[A-Za-z_]\w{0,99}$/.test(name)) {
        return key(path, name);
    }
    return path === "" ? name : `${path}.${name}`;
}

/** Maps whose keys the user chooses. All their keys are written in brackets. */
const MAP =
    /(?:^|\.)(?:roles|roleArns|managedPolicies|inlinePolicies|formerPolicyKeys|secrets|tags|targets|context|conditions)$|(?:^|\.)conditions\["(?:[^"\\]|\\.)*"\]$/;

/** Path of the value with a name in an object of the inputs. */
export function below(path: string, name: string): string {
    return MAP.test(path) ? key(path, name) : property(path, name);
}
