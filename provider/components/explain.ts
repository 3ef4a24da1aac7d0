import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { hasErrorHooks, isAnswering } from "./engine";
import { LEFT_IN_STATE, Rejection } from "./reject";

let hooks = 0;

/** Adds an explanation to a failure of AWS: `explain` returns the text, or undefined if it has none. */
export function explainFailure(
    name: string,
    component: pulumi.Resource,
    explain: (failure: pulumi.ErrorHookArgs) => string | undefined,
): pulumi.CustomResourceOptions {
    if (!hasErrorHooks()) {
        return {};
    }
    hooks += 1;
    const onError = (failure: pulumi.ErrorHookArgs): boolean => {
        const words = explain(failure);
        if (words !== undefined) {
            report(`${words}\n${LEFT_IN_STATE}`, component);
        }
        return false;
    };
    // The engine calls back outside of its run, where a log message would not reach the user.
    const hook = new pulumi.ErrorHook(`${name}:${String(hooks)}`, AsyncResource.bind(onError));
    return { hooks: { onError: [hook] } };
}

function report(text: string, component: pulumi.Resource): void {
    if (isAnswering()) {
        // Pulumi's host answers with an error that nobody catches. Without an answer, the engine reports that its connection to the plugin is closing.
        void Promise.reject(new Rejection(text));
    } else {
        void pulumi.log.error(text, component);
    }
}
