/** Versions of what a user has beside this package. */
export interface Installed {
    readonly name: "lowest" | "newest";
    readonly pulumi: string;
    readonly aws: string;
    /** A package that many projects have too, and that asks for both. */
    readonly awsx: string;
}

/** The lower ends of `peerDependencies` in package.json. */
export const lowest: Installed = { name: "lowest", pulumi: "3.142.0", aws: "7.2.0", awsx: "3.0.0" };

export const newest: Installed = { name: "newest", pulumi: "3.276.0", aws: "7.48.0", awsx: "3.9.0" };

export const typescripts = ["5.0.4", "5.9.3", "6.0.3", "7.0.2"] as const;

/** `module` and `moduleResolution` of a tsconfig.json. */
export const resolutions = [
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
] as const;

export const nodes = ["22.23.3", "24.21.0"] as const;
