import { Client, Server, ServerCredentials, credentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { createServer, type AddressInfo } from "node:net";
import { forgetConnections } from "../../../tools/inline-program";

/** What a call of a method that no server has ends with. */
function call(port: number): Promise<string> {
    const client = new Client(`127.0.0.1:${String(port)}`, credentials.createInsecure());
    return new Promise((resolve) => {
        client.makeUnaryRequest(
            "/test/test",
            () => Buffer.alloc(0),
            (bytes: Buffer) => bytes,
            {},
            (error) => resolve(String(error?.message)),
        );
    });
}

function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address() as AddressInfo;
            server.close(() => resolve(port));
        });
    });
}

describe("inline programs", () => {
    it("reach a new server on the port of one that has ended", async () => {
        const port = await freePort();
        expect(await call(port)).to.contain("ECONNREFUSED");
        const server = new Server();
        await new Promise((resolve) => {
            server.bindAsync(`127.0.0.1:${String(port)}`, ServerCredentials.createInsecure(), resolve);
        });
        try {
            // Otherwise grpc-js makes calls fail until it tries to connect again, a second later.
            forgetConnections();
            expect(await call(port)).to.contain("UNIMPLEMENTED");
        } finally {
            server.forceShutdown();
        }
    });
});
