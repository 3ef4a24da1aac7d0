/** A resource as tests name it: the last part of its type and its name, `Role gitlab-deploy`. */
export function labelOf(urn: string): string {
    const [, , types = "", ...name] = urn.split("::");
    return `${types.split(/[$:/]/).pop()!} ${name.join("::")}`;
}
