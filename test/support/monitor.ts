import {
    Server,
    ServerCredentials,
    type handleUnaryCall,
    type sendUnaryData,
    type ServerUnaryCall,
    type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Stands for the engine where only the plugin's own time is to be seen: it answers every registration at once. */
export interface Monitor {
    readonly address: string;
    /** Resources registered so far. */
    registered(): number;
    /** Messages so far, the debugging ones among them. */
    logged(): readonly LogRequest[];
    stop(): void;
}

const ACCOUNT = "arn:aws:iam::111122223333";

export async function startMonitor(): Promise<Monitor> {
    let registered = 0;
    const logged: LogRequest[] = [];
    const register = (request: messages.RegisterResourceRequest): messages.RegisterResourceResponse => {
        registered += 1;
        const name = request.getName();
        const response = new messages.RegisterResourceResponse();
        response.setUrn(`urn:pulumi:dev::bench::${request.getType()}::${name}`);
        if (request.getCustom()) {
            response.setId(name);
            const inputs = request.getObject()?.toJavaScript() ?? {};
            const arn = request.getType().includes("openIdConnectProvider")
                ? `${ACCOUNT}:oidc-provider/gitlab.example.com`
                : `${ACCOUNT}:role/${name}`;
            response.setObject(Struct.fromJavaScript({ name, ...inputs, arn }));
        }
        return response;
    };
    const unary =
        <Q, R>(answer: (request: Q) => R): handleUnaryCall<Q, R> =>
        (call: ServerUnaryCall<Q, R>, callback: sendUnaryData<R>) =>
            callback(null, answer(call.request));
    const feature = (): unknown => new messages.SupportsFeatureResponse().setHassupport(true);
    const nothing = unary(() => new Empty());
    const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    const monitor: UntypedServiceImplementation = {
        supportsFeature: unary(feature),
        registerResource: unary(register),
        registerResourceOutputs: nothing,
        registerResourceHook: nothing,
        registerErrorHook: nothing,
    };
    const engine: UntypedServiceImplementation = {
        log: unary((request: LogRequest) => {
            logged.push(request);
            return new Empty();
        }),
    };
    server.addService(withOnly(ResourceMonitorService, monitor), monitor);
    server.addService(withOnly(EngineService, engine), engine);
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        ),
    );
    return {
        address: `127.0.0.1:${String(port)}`,
        registered: () => registered,
        logged: () => logged,
        stop: () => server.forceShutdown(),
    };
}

/** The part of a service that is answered; whatever else is asked for is an error. */
function withOnly(service: object, answered: UntypedServiceImplementation): Parameters<Server["addService"]>[0] {
    return Object.fromEntries(Object.entries(service).filter(([name]) => Object.hasOwn(answered, name)));
}
