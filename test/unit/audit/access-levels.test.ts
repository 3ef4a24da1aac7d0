import { expect } from "chai";
import { join } from "node:path";
import { AccessLevels } from "../../../provider/audit/access-levels";
import { ACCESS_LEVELS } from "../../../provider/audit/access-levels-table";
import { ESCALATION_PATHS } from "../../../provider/audit/escalation-paths";
import { packAccessLevels, readServices } from "../../../tools/access-levels/pack";

const ROOT = join(__dirname, "../../..");

describe("access levels", () => {
    const services = readServices(ROOT);
    const levels = new AccessLevels();

    it("the table is what `make levels` writes", () => {
        expect(ACCESS_LEVELS).to.equal(packAccessLevels(services));
    });

    it("has the level of every action of AWS", () => {
        const wrong = [...services].flatMap(([service, { actions }]) =>
            actions.flatMap(({ name, accessLevel }) => {
                const level = levels.levelOf(`${service}:${name.toLowerCase()}`);
                const expected = accessLevel === "Read" || accessLevel === "List" ? "read" : "write";
                return level === expected ? [] : [`${service}:${name}: ${String(level)}, not ${accessLevel}`];
            }),
        );
        expect(wrong).to.deep.equal([]);
        expect([...services.values()].flatMap(({ actions }) => actions)).to.have.length.above(20_000);
    });

    for (const [action, level] of [
        ["s3:getobject", "read"],
        ["s3:putobject", "write"],
        ["iam:passrole", "write"],
        ["sts:getfederationtoken", "write"],
        ["s3:frobnicate", undefined],
        ["nosuchservice:getthing", undefined],
        ["s3", undefined],
        ["", undefined],
    ] as const) {
        it(`${action}: ${level ?? "unknown"}`, () => {
            expect(levels.levelOf(action)).to.equal(level);
        });
    }

    it("has every action of the escalation paths", () => {
        const known = new Set(
            [...services].flatMap(([service, { actions }]) => actions.map(({ name }) => `${service}:${name}`)),
        );
        const actions = ESCALATION_PATHS.flatMap(({ steps }) => steps.map(({ action }) => action));
        expect(actions.filter((action) => !known.has(action))).to.deep.equal([]);
    });

    it("has no escalation path twice", () => {
        const names = ESCALATION_PATHS.map(({ name }) => name);
        expect(names).to.deep.equal([...new Set(names)]);
    });
});
