#!/usr/bin/env node
import { isatty } from "node:tty";
import { runCommand } from "./command";
import { piecesOf, readText } from "./read-text";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The reader of the pipe has read enough.
    if (error.code !== "EPIPE") {
        process.stderr.write(`aws-gitlab-oidc: the output cannot be written: ${error.message}\n`);
        process.exitCode = 2;
    }
});
process.stderr.on("error", () => undefined);

const status = runCommand(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: (megabytes) => {
        announceStandardInput();
        return readText(0, megabytes);
    },
    stdinPieces: () => {
        announceStandardInput();
        return piecesOf(0);
    },
    colour: process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "",
});

function announceStandardInput(): void {
    if (isatty(0)) {
        process.stderr.write("aws-gitlab-oidc: Reading from standard input. Press Ctrl-D to finish.\n");
    }
}

if (typeof status === "number") {
    process.exitCode = status;
} else {
    void status.then((later) => {
        // An error of the output has set the status already.
        process.exitCode ??= later;
    });
}
