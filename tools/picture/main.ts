import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { messageOf } from "../setup/cache";
import { startWorkspace } from "../workspace";
import { drawAuditViews } from "./audit-pages";
import { NARROW, recordOf, render, svgFileOf, WIDE } from "./pictures";
import { normalised, recordSession } from "./record";

/** `make picture`: draws the page of an audit, then runs the session again, records it and draws it. A new random suffix alone changes no file. */
async function main(): Promise<void> {
    await drawAuditViews();
    const workspace = await startWorkspace();
    try {
        const wide = await recordSession(workspace, WIDE.columns);
        if (!existsSync(recordOf(NARROW)) || !isRecorded(wide)) {
            writeFileSync(recordOf(WIDE), wide);
            await workspace.emulator.reset();
            writeFileSync(recordOf(NARROW), await recordSession(workspace, NARROW.columns));
        }
        for (const picture of [WIDE, NARROW]) {
            writeFileSync(svgFileOf(picture), render(picture));
        }
    } finally {
        await workspace.stop();
    }
}

function isRecorded(session: string): boolean {
    const file = recordOf(WIDE);
    return existsSync(file) && normalised(readFileSync(file, "utf8")).join("\n") === normalised(session).join("\n");
}

main().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
});
