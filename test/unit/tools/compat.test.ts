import { expect } from "chai";
import { compareVersions } from "../../../tools/setup/versions";
import { packageJson } from "../../../provider/contract/schema";
import { lowest, newest } from "../../../tools/compat/versions";
import { runUnitTests } from "../../../tools/compat/unit";

describe("the versions that the package takes", () => {
    it("are those of package.json from the lowest on, and below the newest", () => {
        const { peerDependencies } = packageJson() as unknown as {
            readonly peerDependencies: Readonly<Record<string, string>>;
        };
        expect(peerDependencies).to.deep.equal({
            "@pulumi/aws": `^${lowest.aws}`,
            "@pulumi/pulumi": `^${lowest.pulumi}`,
        });
        expect(compareVersions(newest.aws, lowest.aws)).to.equal(1);
        expect(compareVersions(newest.pulumi, lowest.pulumi)).to.equal(1);
    });

    it("have components that pass their tests on the lowest", () => runUnitTests(lowest, process.execPath));
});
