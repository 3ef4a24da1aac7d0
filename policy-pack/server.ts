import {
    Server,
    ServerCredentials,
    type sendUnaryData,
    type ServerUnaryCall,
    type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as service from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Configuration } from "./configuration";
import { configurationOf } from "./configuration";
import { checkResource, checkStack, isChecked } from "./pack";
import { type Level, type PackPolicy, POLICIES, policyNamed } from "./policies";
import { readProperties } from "./properties";
import { type PackResource, TYPE, type Violation } from "./resource";
import { type PolicySetting, Settings } from "./settings";

/** The name of the pack, and the version of its package. */
export interface PackIdentity {
    readonly name: string;
    readonly version: string;
}

/** Most bytes of a message: all resources of a stack are one. */
const LARGEST = 400 * 2 ** 20;

/**
 * Serves the pack to Pulumi's engine, and prints the port.
 *
 * The server of `@pulumi/policy` reads the properties of a resource once for each policy, and a policy for each rule of this pack
 * would double the time of a preview. It also shows secrets in messages. This one reads a resource once, and only if it is checked.
 */
export function serve(identity: PackIdentity): void {
    const server = new Server({ "grpc.max_receive_message_length": LARGEST, "grpc.enable_channelz": 0 });
    server.addService(definition(), new Analyzer(identity).methods());
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) {
            throw error;
        }
        process.stdout.write(`${String(port)}\n`);
    });
}

/** The calls that come for every resource keep the bytes of their messages. Most resources need no look inside. */
function definition(): typeof service.AnalyzerService {
    const asBytes = { requestDeserialize: (bytes: Buffer) => bytes, responseSerialize: (bytes: Buffer) => bytes };
    const { analyze, remediate } = service.AnalyzerService;
    return {
        ...service.AnalyzerService,
        analyze: { ...analyze, ...asBytes },
        remediate: { ...remediate, ...asBytes },
    } as unknown as typeof service.AnalyzerService;
}

/** A message without a field. */
const NOTHING = Buffer.alloc(0);

class Analyzer {
    private settings = new Settings();
    private config: Configuration = configurationOf(this.settings);
    private readonly types = [TYPE.role, TYPE.provider].map((type) => Buffer.from(type));

    constructor(private readonly identity: PackIdentity) {}

    methods(): UntypedServiceImplementation {
        return {
            analyze: unary((bytes: Buffer) => this.analyze(bytes)),
            analyzeStack: unary((request: messages.AnalyzeStackRequest) => this.analyzeStack(request)),
            remediate: unary(() => NOTHING),
            getAnalyzerInfo: unary(() => this.info()),
            getPluginInfo: unary(() => {
                const info = new PluginInfo();
                info.setVersion(this.identity.version);
                return info;
            }),
            configure: unary((request: messages.ConfigureAnalyzerRequest) => {
                this.settings = new Settings(settingsIn(request));
                this.config = configurationOf(this.settings);
                return new Empty();
            }),
            configureStack: unary(() => new messages.AnalyzerStackConfigureResponse()),
        };
    }

    private analyze(bytes: Buffer): Buffer {
        if (!this.types.some((type) => bytes.includes(type))) {
            return NOTHING;
        }
        const request = messages.AnalyzeRequest.deserializeBinary(bytes);
        const violations = isChecked(request.getType()) ? checkResource(resourceOf(request), this.config) : [];
        return violations.length === 0 ? NOTHING : Buffer.from(this.responseWith(violations).serializeBinary());
    }

    private analyzeStack(request: messages.AnalyzeStackRequest): messages.AnalyzeResponse {
        const types: readonly string[] = Object.values(TYPE);
        const isOn = POLICIES.some((policy) => policy.sees === "stack" && this.settings.levelOf(policy) !== "disabled");
        const resources = isOn ? request.getResourcesList().filter((r) => types.includes(r.getType())) : [];
        return this.responseWith(checkStack(resources.map(resourceOf), this.config));
    }

    private responseWith(violations: readonly Violation[]): messages.AnalyzeResponse {
        const response = new messages.AnalyzeResponse();
        for (const { policy: name, urn, message } of violations) {
            const policy = policyNamed(name);
            const level = this.settings.levelOf(policy);
            if (level !== "disabled") {
                const diagnostic = new messages.AnalyzeDiagnostic();
                diagnostic.setPolicyname(name);
                diagnostic.setPolicypackname(this.identity.name);
                diagnostic.setPolicypackversion(this.identity.version);
                diagnostic.setDescription(policy.description);
                diagnostic.setMessage(message);
                diagnostic.setEnforcementlevel(LEVELS[level]);
                diagnostic.setUrn(urn);
                response.addDiagnostics(diagnostic);
            }
        }
        return response;
    }

    private info(): messages.AnalyzerInfo {
        const info = new messages.AnalyzerInfo();
        info.setName(this.identity.name);
        info.setVersion(this.identity.version);
        info.setDisplayname("GitLab OIDC for AWS");
        info.setDescription("Checks roles and identity providers that let GitLab CI/CD jobs into AWS.");
        info.setSupportsconfig(true);
        info.setPoliciesList(POLICIES.map(policyInfo));
        return info;
    }
}

function policyInfo({ name, description, level, sees, url, configSchema }: PackPolicy): messages.PolicyInfo {
    const info = new messages.PolicyInfo();
    info.setName(name);
    info.setDescription(description);
    info.setEnforcementlevel(LEVELS[level]);
    info.setUrl(url);
    info.setPolicyType(
        sees === "stack" ? messages.PolicyType.POLICY_TYPE_STACK : messages.PolicyType.POLICY_TYPE_RESOURCE,
    );
    if (configSchema !== undefined) {
        const schema = new messages.PolicyConfigSchema();
        schema.setProperties(Struct.fromJavaScript(configSchema.properties));
        info.setConfigschema(schema);
    }
    return info;
}

const LEVELS: Readonly<Record<Level, messages.EnforcementLevel>> = {
    advisory: messages.EnforcementLevel.ADVISORY,
    mandatory: messages.EnforcementLevel.MANDATORY,
    disabled: messages.EnforcementLevel.DISABLED,
};

/** Nothing can be changed here, so `remediate` is as strict as it can be. */
function levelOf(level: messages.EnforcementLevel): Level {
    const found = (Object.keys(LEVELS) as Level[]).find((each) => LEVELS[each] === level);
    return found ?? "mandatory";
}

function settingsIn(request: messages.ConfigureAnalyzerRequest): ReadonlyMap<string, PolicySetting> {
    const entries: readonly [string, messages.PolicyConfig][] = request
        .getPolicyconfigMap()
        .getEntryList()
        .map(([name]) => [name, request.getPolicyconfigMap().get(name)!]);
    return new Map(
        entries.map(([name, config]) => [
            name,
            { level: levelOf(config.getEnforcementlevel()), properties: config.getProperties()?.toJavaScript() ?? {} },
        ]),
    );
}

function resourceOf(resource: messages.AnalyzeRequest | messages.AnalyzerResource): PackResource {
    return {
        urn: resource.getUrn(),
        type: resource.getType(),
        name: resource.getName(),
        dependencies: (property) =>
            "getPropertydependenciesMap" in resource
                ? (resource.getPropertydependenciesMap().get(property)?.getUrnsList() ?? [])
                : [],
        ...readProperties(resource.getProperties()?.toJavaScript() ?? {}),
    };
}

/** A method that answers at once. The message of an error is sent without its stack. */
function unary<Q, A>(answer: (request: Q) => A) {
    return ({ request }: ServerUnaryCall<Q, A>, send: sendUnaryData<A>): void => {
        let result: A;
        try {
            result = answer(request);
        } catch (error) {
            send(new Error(error instanceof Error ? error.message : String(error)));
            return;
        }
        send(null, result);
    };
}
