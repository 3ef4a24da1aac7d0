import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { hasErrorHooks, isAnswering } from "./engine";
import { LEFT_IN_STATE, Rejection } from "./reject";

let hooks = 0;

/** Lets a resource say more about a failure than AWS does: `explain` gives the words, or nothing where it knows none. */
export function explainFailure(
    name: string,
    component: pulumi.Resource,
    explain: (failure: pulumi.ErrorHookArgs) => string | undefined,
): pulumi.CustomResourceOptions {
    if (!hasErrorHooks()) {
        return {};
    }
    hooks += 1;
    const say = (failure: pulumi.ErrorHookArgs): boolean => {
        const words = explain(failure);
        if (words !== undefined) {
            tell(`${words}\n${LEFT_IN_STATE}`, component);
        }
        return false;
    };
    // The engine calls back outside of the run that it is about, where the log would not find its way to the user.
    const hook = new pulumi.ErrorHook(`${name}:${String(hooks)}`, AsyncResource.bind(say));
    return { hooks: { onError: [hook] } };
}

function tell(text: string, component: pulumi.Resource): void {
    if (isAnswering()) {
        // Pulumi's host answers with what nobody catches. Without an answer, the engine says that its connection to the plugin is closing.
        void Promise.reject(new Rejection(text));
    } else {
        void pulumi.log.error(text, component);
    }
}
