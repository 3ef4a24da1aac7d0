import { serve } from "./server";

/** The engine reads the port from the first line and ends the process when it is done; should it die, so do we. */
async function main(): Promise<void> {
    const engine = process.ppid;
    setInterval(() => {
        if (process.ppid !== engine) process.exit();
    }, 1000).unref();
    const { port } = await serve();
    console.log(port);
}

main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
});
