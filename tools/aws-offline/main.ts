import { serve } from "./server";

/** The engine reads the port from the first line and ends the process when it is done; should it die, so do we. */
export async function main(): Promise<void> {
    const engine = process.ppid;
    setInterval(() => {
        if (process.ppid !== engine) process.exit();
    }, 1000).unref();
    const { port } = await serve();
    console.log(port);
}

/** Loads what is otherwise loaded on the first call of AWS, so that V8's code cache has it too. */
export async function preload(): Promise<void> {
    await Promise.all([
        import("./clients.js"),
        import("./cloudfront.js"),
        import("./iam.js"),
        import("./lookups.js"),
        import("./s3.js"),
    ]);
}
