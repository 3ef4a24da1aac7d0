import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { interruptible } from "./interrupt";
import { peakMegabytes } from "./memory";
import type { Monitor } from "../test/support/monitor";

/** How a plugin is started, and what it calls the component. */
export interface Candidate {
    readonly command: readonly string[];
    readonly cwd?: string;
    readonly type: string;
    readonly inputsFor: (roles: number) => object;
}

/** A plugin that was started and has said its port. */
export class Plugin {
    private constructor(
        private readonly child: ChildProcess,
        private readonly client: ResourceProviderClient,
        private readonly candidate: Candidate,
        private readonly monitor: Monitor,
        /** Milliseconds from the start of the process to the line with its port. */
        readonly startedIn: number,
    ) {}

    static async start(candidate: Candidate, monitor: Monitor): Promise<Plugin> {
        const [command, ...args] = candidate.command;
        const begin = performance.now();
        const child = interruptible(
            spawn(command!, [...args, monitor.address], { stdio: ["ignore", "pipe", "inherit"], cwd: candidate.cwd }),
            "SIGKILL",
        );
        const failed = once(child, "exit").then(() => {
            throw new Error(`${candidate.command.join(" ")} ended before it said its port`);
        });
        failed.catch(() => undefined);
        const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), failed])) as [string];
        const startedIn = performance.now() - begin;
        const client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure(), {
            "grpc.max_receive_message_length": -1,
            "grpc.max_send_message_length": -1,
        });
        return new Plugin(child, client, candidate, monitor, startedIn);
    }

    getSchema(): Promise<messages.GetSchemaResponse> {
        return answer((callback) => this.client.getSchema(new messages.GetSchemaRequest(), callback));
    }

    construct(roles: number): Promise<messages.ConstructResponse> {
        const request = new messages.ConstructRequest();
        request.setProject("bench").setStack("dev").setParallel(16).setMonitorendpoint(this.monitor.address);
        request.setType(this.candidate.type).setName("gitlab");
        request.setInputs(
            Struct.fromJavaScript(this.candidate.inputsFor(roles) as Parameters<typeof Struct.fromJavaScript>[0]),
        );
        return answer((callback) => this.client.construct(request, callback));
    }

    /** The most memory that the process had so far. */
    peakMegabytes(): number | undefined {
        return peakMegabytes(this.child.pid!);
    }

    async stop(): Promise<void> {
        this.client.close();
        if (this.child.exitCode === null && this.child.signalCode === null) {
            const ended = once(this.child, "exit");
            this.child.kill("SIGKILL");
            await ended;
        }
    }
}

function answer<R>(call: (callback: (error: ServiceError | null, response: R) => void) => unknown): Promise<R> {
    return new Promise((resolve, reject) => {
        call((error, response) => (error === null ? resolve(response) : reject(error)));
    });
}
