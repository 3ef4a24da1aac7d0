import { Server, ServerCredentials, ServerUnaryCall, sendUnaryData, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ConfigProblem } from "./config";
import { Change } from "./diff";
import { AutonamingRequest } from "./names";
import { OfflineAws } from "./provider";
import { packageSchema } from "./schema";
import { awsVersion } from "./stand-in";
import { fromStruct, toStruct } from "./values";

/** Serves the engine's ResourceProvider protocol on a free local port and returns it. */
export async function serve(): Promise<{ port: number; server: Server }> {
    const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    server.addService(ResourceProviderService, { ...service(new OfflineAws()) });
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
            if (error) reject(error);
            else resolve(bound);
        });
    });
    return { port, server };
}

/** The rest of the protocol (components, methods, parameters, mappings) is answered "unimplemented" by gRPC itself. */
type Served = Pick<
    IResourceProviderServer,
    | "handshake"
    | "getPluginInfo"
    | "getSchema"
    | "checkConfig"
    | "diffConfig"
    | "configure"
    | "invoke"
    | "check"
    | "diff"
    | "create"
    | "read"
    | "update"
    | "delete"
    | "attach"
    | "cancel"
>;

function service(provider: OfflineAws): Served {
    return {
        handshake: unary(() => {
            const response = new pb.ProviderHandshakeResponse();
            response.setAcceptSecrets(false);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),

        getPluginInfo: unary(() => {
            const info = new PluginInfo();
            info.setVersion(awsVersion());
            return info;
        }),

        getSchema: unary(() => {
            const response = new pb.GetSchemaResponse();
            response.setSchema(JSON.stringify(packageSchema()));
            return response;
        }),

        checkConfig: unary((request: pb.CheckRequest) => {
            const inputs = fromStruct(request.getNews());
            const response = new pb.CheckResponse();
            response.setInputs(toStruct(inputs));
            response.setFailuresList(failures(provider.checkConfig(inputs)));
            return response;
        }),

        diffConfig: unary((request: pb.DiffRequest) => {
            const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
            const news = fromStruct(request.getNews());
            const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
            const diffs = keys.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
            const response = new pb.DiffResponse();
            response.setChanges(changesKind(diffs.length));
            response.setDiffsList(diffs);
            return response;
        }),

        configure: unary(async (request: pb.ConfigureRequest) => {
            await provider.configure(fromStruct(request.getArgs()));
            const response = new pb.ConfigureResponse();
            // Not accepted, so that the engine sends values in the clear and marks whatever comes back for a secret
            // input as secret again, down to the leaves.
            response.setAcceptsecrets(false);
            response.setSupportspreview(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),

        invoke: unary(async (request: pb.InvokeRequest) => {
            const inputs = fromStruct(request.getArgs());
            const response = new pb.InvokeResponse();
            const problems = provider.checkLookup(request.getTok(), inputs);
            if (problems.length > 0) response.setFailuresList(failures(problems));
            else response.setReturn(toStruct(await provider.invoke(request.getTok(), inputs)));
            return response;
        }),

        check: unary((request: pb.CheckRequest) => {
            const { inputs, problems } = provider.check(
                typeOf(request),
                fromStruct(request.getOlds()),
                fromStruct(request.getNews()),
                {
                    logicalName: nameOf(request),
                    seed: request.getRandomseed_asU8(),
                    autonaming: autonaming(request.getAutonaming()),
                },
            );
            const response = new pb.CheckResponse();
            response.setInputs(toStruct(inputs));
            response.setFailuresList(failures(problems.map((reason) => ({ property: "", reason }))));
            return response;
        }),

        diff: unary((request: pb.DiffRequest) => {
            const { changes, deleteBeforeReplace } = provider.diff(
                typeOf(request),
                fromStruct(request.getOlds()),
                fromStruct(request.getNews()),
                request.getIgnorechangesList(),
            );
            const response = new pb.DiffResponse();
            response.setChanges(changesKind(changes.length));
            response.setDiffsList([...new Set(changes.map(topLevel))]);
            response.setReplacesList([...new Set(changes.filter((change) => change.replaces).map(topLevel))]);
            response.setDeletebeforereplace(deleteBeforeReplace);
            response.setHasdetaileddiff(true);
            for (const change of changes) response.getDetaileddiffMap().set(change.path, propertyDiff(change));
            return response;
        }),

        create: unary(async (request: pb.CreateRequest) => {
            const inputs = fromStruct(request.getProperties());
            const { id, state } = await provider.create(typeOf(request), inputs, request.getPreview());
            const response = new pb.CreateResponse();
            response.setId(id);
            response.setProperties(toStruct(state));
            return response;
        }),

        read: unary(async (request: pb.ReadRequest) => {
            const inputs = fromStruct(request.getInputs());
            const result = await provider.read(
                typeOf(request),
                request.getId(),
                fromStruct(request.getProperties()),
                Object.keys(inputs).length > 0 ? inputs : undefined,
            );
            const response = new pb.ReadResponse();
            if (!result) return response;
            response.setId(result.id);
            response.setProperties(toStruct(result.state));
            response.setInputs(toStruct(result.inputs));
            return response;
        }),

        update: unary(async (request: pb.UpdateRequest) => {
            const state = await provider.update(typeOf(request), request.getId(), {
                state: fromStruct(request.getOlds()),
                inputs: fromStruct(request.getNews()),
                ignored: request.getIgnorechangesList(),
                preview: request.getPreview(),
            });
            const response = new pb.UpdateResponse();
            response.setProperties(toStruct(state));
            return response;
        }),

        delete: unary(async (request: pb.DeleteRequest) => {
            await provider.delete(typeOf(request), request.getId(), fromStruct(request.getProperties()));
            return new Empty();
        }),

        attach: unary(() => new Empty()),
        cancel: unary(() => new Empty()),
    };
}

function unary<Request, Response>(handle: (request: Request) => Response | Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
        Promise.resolve()
            .then(() => handle(call.request))
            .then(
                (response) => callback(null, response),
                (error: unknown) => callback({ code: status.UNKNOWN, details: (error as Error).message }),
            );
    };
}

interface Addressed {
    getUrn(): string;
    getType(): string;
    getName(): string;
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`, for engines that do not name type and name by themselves. */
function typeOf(request: Addressed): string {
    return request.getType() || (request.getUrn().split("::")[2]?.split("$").at(-1) ?? "");
}

function nameOf(request: Addressed): string {
    return request.getName() || request.getUrn().split("::").slice(3).join("::");
}

function autonaming(options: pb.CheckRequest.AutonamingOptions | undefined): AutonamingRequest | undefined {
    if (!options) return undefined;
    const { Mode } = pb.CheckRequest.AutonamingOptions;
    const mode = options.getMode();
    return {
        mode: mode === Mode.DISABLE ? "disable" : mode === Mode.ENFORCE ? "enforce" : "propose",
        proposedName: options.getProposedName(),
    };
}

function failures(problems: readonly ConfigProblem[]): pb.CheckFailure[] {
    return problems.map(({ property, reason }) => {
        const failure = new pb.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
    });
}

function changesKind(count: number): pb.DiffResponse.DiffChanges {
    return count > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE;
}

function topLevel({ path }: Change): string {
    return path.split(/[.[]/)[0] ?? path;
}

function propertyDiff({ kind, replaces }: Change): pb.PropertyDiff {
    const { Kind } = pb.PropertyDiff;
    const kinds = {
        add: replaces ? Kind.ADD_REPLACE : Kind.ADD,
        update: replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE,
        delete: replaces ? Kind.DELETE_REPLACE : Kind.DELETE,
    };
    const diff = new pb.PropertyDiff();
    diff.setKind(kinds[kind]);
    return diff;
}
