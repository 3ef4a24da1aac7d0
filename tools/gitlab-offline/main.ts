import { main } from "@pulumi/pulumi/provider";
import { provider } from "./provider";

// Ends with the engine that started it.
const engine = process.ppid;
setInterval(() => {
    if (process.ppid !== engine) {
        process.exit();
    }
}, 1000).unref();

void main(provider, process.argv.slice(2));
