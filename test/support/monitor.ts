import {
    Server,
    ServerCredentials,
    type handleUnaryCall,
    type sendUnaryData,
    type ServerUnaryCall,
    type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { createRequire } from "node:module";

const load = createRequire(__filename);
const { ResourceMonitorService } = load(
    "@pulumi/pulumi/proto/resource_grpc_pb",
) as typeof import("@pulumi/pulumi/proto/resource_grpc_pb");
const messages = load("@pulumi/pulumi/proto/resource_pb") as typeof import("@pulumi/pulumi/proto/resource_pb");
const { EngineService } = load(
    "@pulumi/pulumi/proto/engine_grpc_pb",
) as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
const { Empty } = load(
    "google-protobuf/google/protobuf/empty_pb",
) as typeof import("google-protobuf/google/protobuf/empty_pb");
const { Struct } = load(
    "google-protobuf/google/protobuf/struct_pb",
) as typeof import("google-protobuf/google/protobuf/struct_pb");

/** Stands for the engine where only the plugin's own time is to be seen: it answers every registration at once. */
export interface Monitor {
    readonly address: string;
    /** Resources registered so far. */
    registered(): number;
    stop(): void;
}

const ACCOUNT = "arn:aws:iam::111122223333";

export async function startMonitor(): Promise<Monitor> {
    let registered = 0;
    const register = (request: RegisterResourceRequest): InstanceType<typeof messages.RegisterResourceResponse> => {
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
    const engine: UntypedServiceImplementation = { log: nothing };
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
        stop: () => server.forceShutdown(),
    };
}

/** The part of a service that is answered; whatever else is asked for is an error. */
function withOnly(service: object, answered: UntypedServiceImplementation): Parameters<Server["addService"]>[0] {
    return Object.fromEntries(Object.entries(service).filter(([name]) => Object.hasOwn(answered, name)));
}
