import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { createRequire } from "node:module";

const load = createRequire(__filename);

/** A program that is served to `pulumi up`. */
export interface InlineProgram {
    /** The flags that lead the command to it. */
    readonly flags: readonly string[];
    readonly stop: () => void;
}

/** Serves a program from this process, as the Automation API does: no language host is needed. */
export async function serveProgram(program: () => Promise<unknown>): Promise<InlineProgram> {
    forgetConnections();
    const { LanguageServer } = load("@pulumi/pulumi/automation/server") as {
        LanguageServer: new (program: () => Promise<unknown>) => UntypedServiceImplementation;
    };
    const { LanguageRuntimeService } = load("@pulumi/pulumi/proto/language_grpc_pb") as {
        LanguageRuntimeService: ServiceDefinition;
    };
    const server = new Server();
    server.addService(LanguageRuntimeService, new LanguageServer(program));
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    return {
        flags: [`--client=127.0.0.1:${String(port)}`, "--exec-kind", "auto.inline"],
        stop: () => server.forceShutdown(),
    };
}

/**
 * Forgets the connections of earlier programs. grpc-js keeps one for each address that Pulumi's SDK called, and Pulumi's SDK closes
 * none. If a new engine listens on the port of an engine that has ended, calls to it fail with `UNAVAILABLE`, "Last error: null", without
 * an attempt to connect. Pulumi's SDK takes that for the end of the engine, and registers nothing.
 */
export function forgetConnections(): void {
    const { getSubchannelPool } = load("@grpc/grpc-js/build/src/subchannel-pool") as {
        getSubchannelPool: (global: boolean) => { pool: object };
    };
    getSubchannelPool(true).pool = {};
}
