export { startAccountProxy, type AccountCall, type AccountProxy, type CloudTrailRecord } from "./account-proxy";
export { startEmulator, type Emulator, type EmulatorOptions } from "./emulator";
export { awsEnvironment, environmentWith } from "./environment";
export { startGate, type Decision, type Gate, type GateOptions } from "./gate";
export {
    createIssuer,
    signExpired,
    signWithAlgorithm,
    signWithForgedKey,
    signWithUnknownKey,
    subjectOf,
    type ClaimOverrides,
    type Discovery,
    type Issuer,
} from "./id-tokens";
export { startOnLeash, type LeashedProcess, type LeashOptions } from "./leash";
export { publicGet, publishedIssuer, type Published } from "./published-documents";
