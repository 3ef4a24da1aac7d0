#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runCommand } from "./command";

process.exitCode = runCommand(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: () => readFileSync(0, "utf8"),
    colour: process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "",
});
