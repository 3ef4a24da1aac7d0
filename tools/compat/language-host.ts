import { spawn } from "node:child_process";
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";

const load = createRequire(__filename);

type Unary<Q> = (call: { readonly request: Q }, answer: (error: Error | null, response: unknown) => void) => void;

/**
 * Serves a program to the engine as Pulumi's Node.js language host does: each run is a process of the project's own SDK.
 *
 * @param program The file to run, or `.` for the `main` of package.json, which may be TypeScript.
 */
export async function serveFolder(
    folder: string,
    node: string,
    program: "index.js" | "." = "index.js",
): Promise<{ readonly flags: readonly string[]; readonly stop: () => void }> {
    const { LanguageRuntimeService } = load("@pulumi/pulumi/proto/language_grpc_pb") as {
        LanguageRuntimeService: ServiceDefinition;
    };
    const { RunResponse, GetRequiredPluginsResponse } = load(
        "@pulumi/pulumi/proto/language_pb",
    ) as typeof import("@pulumi/pulumi/proto/language_pb");
    const run: Unary<RunRequest> = ({ request }, answer) => {
        const child = spawn(node, [...argumentsOf(request, folder), program], {
            cwd: folder,
            env: {
                ...process.env,
                PULUMI_NODEJS_TYPESCRIPT: String(program === "."),
                PULUMI_CONFIG: JSON.stringify(
                    Object.fromEntries(request.getConfigMap().entries() as Iterable<[string, string]>),
                ),
            },
            stdio: ["ignore", "ignore", "inherit"],
        });
        child
            .on("error", (error) => answer(error, null))
            .on("close", (status) => {
                const response = new RunResponse();
                response.setError(status === 0 ? "" : `the program ended with status ${String(status)}`);
                // 32: the program has told the user why already.
                response.setBail(status === 32);
                answer(null, response);
            });
    };
    const service: UntypedServiceImplementation = {
        run,
        getRequiredPlugins: ((_, answer) => answer(null, new GetRequiredPluginsResponse())) satisfies Unary<unknown>,
    };
    const server = new Server();
    server.addService(
        Object.fromEntries(Object.entries(LanguageRuntimeService).filter(([name]) => Object.hasOwn(service, name))),
        service,
    );
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    return {
        flags: [`--client=127.0.0.1:${String(port)}`],
        stop: () => server.forceShutdown(),
    };
}

function argumentsOf(request: RunRequest, folder: string): readonly string[] {
    return [
        join(folder, "node_modules/@pulumi/pulumi/cmd/run"),
        ...["--monitor", request.getMonitorAddress()],
        ...["--engine", request.getArgsList()[0] ?? ""],
        ...["--project", request.getProject()],
        ...["--stack", request.getStack()],
        ...["--organization", request.getOrganization()],
        ...["--parallel", String(request.getParallel())],
        ...["--pwd", folder],
        ...(request.getDryrun() ? ["--dry-run"] : []),
    ];
}
