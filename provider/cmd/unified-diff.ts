import { createTwoFilesPatch, diffLines, FILE_HEADERS_ONLY } from "diff";

const OPTIONS = { context: 3, headerOptions: FILE_HEADERS_ONLY };

/** A change of a file as a unified diff; empty if nothing changes. The build puts the package `diff` into this module. */
export function unifiedDiff(name: string, before: string | undefined, after: string): string {
    return before === after
        ? ""
        : createTwoFilesPatch(before === undefined ? "/dev/null" : name, name, before ?? "", after, "", "", OPTIONS);
}

/** Every line of two texts: `-` marks those that only the first one has, and `+` those that only the second one has. */
export function markedLines(before: string, after: string): string {
    return diffLines(before, after)
        .flatMap(({ value, added, removed }) => {
            const mark = added ? "+" : removed ? "-" : " ";
            return value
                .trimEnd()
                .split("\n")
                .map((line) => `${mark} ${line}`);
        })
        .join("\n");
}
