import type { Server } from "node:http";

/** A server of this machine that listens. */
export interface LocalServer {
    readonly endpoint: string;
    /** Ends all connections, and then the server. */
    readonly close: () => Promise<void>;
}

/** Lets a server listen at a free port of 127.0.0.1. It does not keep the process alive. */
export async function listenLocally(server: Server): Promise<LocalServer> {
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
    });
    server.unref();
    const address = server.address();
    if (address === null || typeof address === "string") {
        throw new Error("the server has no port");
    }
    return {
        endpoint: `http://127.0.0.1:${address.port}`,
        close: async () => {
            const closed = new Promise<void>((resolve) => server.close(() => resolve()));
            server.closeAllConnections();
            await closed;
        },
    };
}
