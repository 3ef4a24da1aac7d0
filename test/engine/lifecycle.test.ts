import { expect } from "chai";
import { GitLabOidc } from "../../provider";
import { Engine } from "./engine";

describe("engine: lifecycle", function () {
    this.timeout(120_000);
    let engine: Engine;
    before(async () => {
        engine = await Engine.start();
    });
    after(() => engine.stop());

    it("up, no change, destroy", async () => {
        const stack = await engine.program(() => {
            const gitlab = new GitLabOidc("gitlab", {
                url: "https://gitlab.example.com",
                roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } },
            });
            return Promise.resolve({ arns: gitlab.roleArns });
        });
        console.time("up"); console.log((await stack.up()).stdout); console.timeEnd("up");
        console.time("up"); console.log((await stack.up({ expectNoChanges: true })).stdout); console.timeEnd("up");
        console.log(await stack.outputs());
        await stack.destroy();
        expect(await stack.children()).to.deep.equal({});
    });
});
