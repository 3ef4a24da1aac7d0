import type { AdoptedComponent } from "./adopt";

/** An output of another component of the program. */
export class OutputOf {
    constructor(
        readonly component: string,
        readonly output: string,
    ) {}
}

/** A value of a program: JSON, and outputs of components. */
export type ProgramValue =
    string | number | boolean | null | OutputOf | readonly ProgramValue[] | { readonly [name: string]: ProgramValue };

/** The inputs of a component, as a program has them. */
export function inputsOf(component: AdoptedComponent): Readonly<Record<string, ProgramValue>> {
    const { type, url, audiences, tags, accept, providerOf, existingProviderArn, roles } = component;
    return {
        url,
        audiences,
        ...(providerOf !== undefined && { existingProviderArn: new OutputOf(providerOf, "arn") }),
        ...(existingProviderArn !== undefined && { existingProviderArn }),
        ...(Object.keys(tags).length > 0 && { tags }),
        ...(accept.length > 0 && { accept }),
        ...(type === "GitLabOidc" && { roles: roles as unknown as ProgramValue }),
    };
}

/** Name of the program's output with the role ARNs of a component. */
export function roleArnsOutput(component: string): string {
    return `${variableOf(component)}RoleArns`;
}

/** `gitlab-example-com` as `gitlabExampleCom`. */
export function variableOf(component: string): string {
    return component.replace(/[^A-Za-z0-9]+(.?)/g, (_, first: string) => first.toUpperCase());
}
