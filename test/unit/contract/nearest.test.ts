import { expect } from "chai";
import { nearest } from "../../../provider/contract/nearest";

describe("nearest", () => {
    const OPTIONS = [
        "push",
        "web",
        "webide",
        "schedule",
        "merge_request_event",
        "external_pull_request_event",
        "parent_pipeline",
    ];
    for (const [value, option] of [
        ["merge_request", "merge_request_event"],
        ["merge-request-event", "merge_request_event"],
        ["MERGE_REQUEST_EVENT", "merge_request_event"],
        ["merge_requests", "merge_request_event"],
        ["schedules", "schedule"],
        ["scheduled", "schedule"],
        ["pushes", "push"],
        ["puhs", "push"],
        ["shcedule", "schedule"],
        ["ewb", "web"],
        ["bwx", undefined],
        ["pusj", "push"],
        ["web_ide", "webide"],
        ["parent", "parent_pipeline"],
        ["tag", undefined],
        ["", undefined],
        ["x", undefined],
        ["x".repeat(100_000), undefined],
    ] as const) {
        it(`${value.slice(0, 30)}: ${option ?? "nothing"}`, () => {
            expect(nearest(value, OPTIONS)).to.equal(option);
        });
    }
});
