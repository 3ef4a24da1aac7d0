import { main } from "@pulumi/pulumi/provider";
import { provider } from "../provider";

// The engine ends its plugins, unless it is killed itself: a process that has lost its parent gets another one.
const parent = process.ppid;
setInterval(() => {
    if (process.ppid !== parent) {
        process.exit();
    }
}, 1000).unref();

void main(provider, process.argv.slice(2));
