import type { Adoption, LeftProvider } from "../adopt/adopt";
import type { IncompleteRole, LeftRole } from "../adopt/adopted-role";
import { isMoving, stackOf, type StackTakeover, type Takeover } from "../adopt/takeover";
import type { ManagedResource } from "../audit/account-facts";
import type { Narrowing } from "../adopt/tighten";
import { grouped } from "../audit/accounts";
import { entriesOf } from "../contract/object";
import { quote, visible } from "../contract/quote";
import { commandWord } from "./command-line";
import { jsonText } from "./json-text";
import { counted, diffText, painter, textOf, type Paint } from "./report";
import { markedLines } from "./unified-diff";

/** The files of the command by their purpose. */
export type WrittenFile = "program" | "state" | "import";

/** The findings of the command, and its files. */
export interface AdoptResult {
    readonly adoption: Adoption;
    readonly takeover: Takeover;
    /** The names of the files. */
    readonly written: Partial<Record<WrittenFile, string>>;
    /** Their full paths, because Pulumi runs in another folder. */
    readonly paths: Partial<Record<WrittenFile, string>>;
}

/** The result for scripts. */
export function adoptJson({ adoption, takeover, written }: AdoptResult): object {
    const { account, components, incomplete, left, leftProviders, narrowing } = adoption;
    const { ofStack, released } = takeover;
    return {
        account,
        files: written,
        components: components.map(({ type, name, providerArn = null, roleArns }) => ({
            type,
            name,
            providerArn,
            roleArns,
        })),
        incomplete: incomplete.map(({ arn, missing }) => ({ arn, missing })),
        left: left.map(({ arn, reasons, jobs, subjects }) => ({ arn, reasons, jobs, subjects })),
        leftProviders,
        narrowing: narrowing ?? null,
        moved: (ofStack?.moves ?? []).map(({ from, to }) => ({ from: from.address, to })),
        dropped: (ofStack?.dropped ?? []).map(({ address }) => address),
        released: released.map((resource) => ({
            program: resource.program,
            source: resource.source,
            address: resource.address,
            command: releaseCommand(resource),
        })),
    };
}

/** The roles that the program takes over, those that it leaves and why, and the next steps. */
export function adoptText(result: AdoptResult, colour: boolean): string {
    const paint = painter(colour);
    const { adoption, written } = result;
    const { account, components, incomplete, left, leftProviders, narrowing } = adoption;
    const roles = components.flatMap((component) => entriesOf(component.roles));
    const providers = components.filter(({ providerArn }) => providerArn !== undefined);
    const none = roles.length + incomplete.length + left.length === 0;
    return textOf([
        ...Object.values(written).map((name) => `wrote ${visible(name)}`),
        none
            ? paint("yellow", `No role of account ${account} trusts a GitLab instance. If one should, add --url URL.`)
            : paint(
                  roles.length > 0 ? "green" : "yellow",
                  `The program has ${counted(roles.length, "role")} and ${counted(providers.length, "identity provider")} of account ${account}`,
              ),
        ...narrowingLines(narrowing, colour),
        ...incompleteLines(incomplete, paint),
        ...leftLines(left, paint),
        ...leftProviderLines(leftProviders, paint),
        ...(written.program === undefined
            ? []
            : ["", paint("bold", "Next"), ...numbered(steps(result, written.program))]),
    ]);
}

/** The narrowed roles, with both trust policies, and those that are not narrowed. */
function narrowingLines(narrowing: Narrowing | undefined, colour: boolean): readonly string[] {
    if (narrowing === undefined) {
        return [];
    }
    const paint = painter(colour);
    const { period, narrowed, kept } = narrowing;
    return [
        ...(narrowed.length === 0
            ? []
            : [
                  "",
                  paint(
                      "bold",
                      `Narrowed to the jobs of the events from ${period.from} to ${period.to}: ${counted(narrowed.length, "role")}`,
                  ),
                  "  The first `pulumi up` changes these trust policies on purpose. All other jobs lose access.",
                  ...narrowed.flatMap(({ arn, summary, before, after }) => [
                      `  ${visible(arn)}`,
                      `    ${visible(summary)}`,
                      ...diffText(markedLines(jsonText(before), jsonText(after)), colour)
                          .split("\n")
                          .map((line) => `    ${line}`),
                  ]),
              ]),
        ...(kept.length === 0
            ? []
            : [
                  "",
                  paint("bold", `Not narrowed: ${counted(kept.length, "role")}`),
                  ...kept.flatMap(({ arn, reason }) => [`  ${visible(arn)}`, `    ${visible(reason)}`]),
              ]),
    ];
}

function incompleteLines(roles: readonly IncompleteRole[], paint: Paint): readonly string[] {
    if (roles.length === 0) {
        return [];
    }
    const facts = roles.flatMap(({ arn, missing }) => missing.map(({ what, call }) => ({ arn, what, call })));
    return [
        "",
        paint("bold", `Left out, because no file has everything: ${counted(roles.length, "role")}`),
        ...[...grouped(facts, ({ call }) => call)].flatMap(([call, ofCall]) => [
            `  Add the output of: ${visible(call)}`,
            ...[...grouped(ofCall, ({ arn }) => arn)].map(
                ([arn, ofRole]) => `    ${visible(arn)}: ${ofRole.map(({ what }) => visible(what)).join(", ")}`,
            ),
        ]),
    ];
}

function leftLines(roles: readonly LeftRole[], paint: Paint): readonly string[] {
    return roles.length === 0
        ? []
        : [
              "",
              paint("bold", `Left as they are: ${counted(roles.length, "role")}`),
              ...roles.flatMap(({ arn, reasons, jobs, subjects }) => [
                  `  ${visible(arn)}`,
                  ...reasons.map((reason) => `    ${visible(reason)}`),
                  ...jobs.map((job) => `    A subject would be needed for: ${visible(job)}`),
                  ...subjects.map((subject) => `    Subject for the other jobs: ${visible(JSON.stringify(subject))}`),
              ]),
          ];
}

function leftProviderLines(providers: readonly LeftProvider[], paint: Paint): readonly string[] {
    return providers.length === 0
        ? []
        : [
              "",
              paint(
                  "bold",
                  `Not in the program, but used by its roles: ${counted(providers.length, "identity provider")}`,
              ),
              ...providers.flatMap(({ arn, reasons }) => [
                  `  ${visible(arn)}`,
                  ...reasons.map((reason) => `    ${visible(reason)}`),
              ]),
          ];
}

/** A step: its text, and commands or lists below it. */
type Step = readonly string[];

function numbered(all: readonly Step[]): readonly string[] {
    return all.flatMap(([first, ...more], i) => [
        `  ${String(i + 1)}. ${first!}`,
        ...more.map((line) => `     ${line}`),
    ]);
}

function steps(
    { adoption: { narrowing }, takeover: { ofStack, released }, paths: { state, import: importFile } }: AdoptResult,
    program: string,
): readonly Step[] {
    const isNarrowed = narrowing !== undefined && narrowing.narrowed.length > 0;
    const isMoved = ofStack !== undefined && isMoving(ofStack);
    const hasAliases = isMoved && state === undefined;
    return [
        ...(ofStack === undefined ? [projectStep(program)] : []),
        ...(isMoved ? [replaceStep(ofStack, program)] : []),
        ...(ofStack === undefined || state === undefined ? [] : [stateStep(ofStack, state)]),
        ...(importFile === undefined
            ? []
            : [
                  [
                      "In the project of the program, import what exists. This changes nothing in AWS:",
                      `  pulumi import --file ${commandWord(importFile)} --generate-code=false`,
                  ],
              ]),
        [
            "Compare, then apply:",
            "  pulumi preview --diff",
            "  pulumi up",
            ...(hasAliases ? ["Expect the components to be created: they exist only in Pulumi."] : []),
            `Expect no ${hasAliases ? "other " : ""}resource to be created, replaced or deleted. Roles and the identity provider may be updated in place, and only`,
            `in \`assumeRolePolicy\`, which allows the same jobs in another form${isNarrowed ? ", or fewer as listed above," : ","} and in \`tags\`. If the preview shows anything else, do not run \`pulumi up\`.`,
            ...(!isMoved
                ? []
                : [
                      "Settings of the former program that components do not have, such as `forceDetachPolicies`, may change too.",
                  ]),
        ],
        ...[...grouped(released, ownerOf)].map(([, resources]) => releaseStep(resources)),
        [
            `Remove \`protect: true\`${hasAliases ? ", `transforms`, `former`, `stack` and `keep`" : ""} from the program, and run \`pulumi up\` again.`,
        ],
    ];
}

/** A stack for the program. Its file in YAML is the whole project. */
function projectStep(program: string): Step {
    return [
        program.endsWith(".yaml")
            ? `Create a stack for ${visible(program)}: in its folder, run \`pulumi stack init\` and \`pulumi config set aws:region REGION\`.`
            : `Copy ${visible(program)} into a Pulumi project that has the npm package \`pulumi-aws-gitlab-oidc\`, and create a stack of it.`,
    ];
}

/** The program of the stack: what moves is declared by the components from now on. */
function replaceStep({ stack, moves, dropped }: StackTakeover, program: string): Step {
    const providers = [...new Set(moves.flatMap(({ from }) => from.provider ?? []))];
    return [
        `In the program of the stack ${quote(stack.name)}, replace these resources by those of ${visible(program)}. Keep everything else:`,
        ...[...moves.map(({ from }) => from), ...dropped].map(({ address }) => `  ${visible(address)}`),
        ...(providers.length === 0
            ? []
            : [
                  `They use a Pulumi provider of the program. Add it to the components as \`providers\`: ${providers.map(visible).join(", ")}`,
              ]),
    ];
}

function stateStep({ stack, dropped }: StackTakeover, state: string): Step {
    return [
        "Before any other command, give the stack the new state. To go back, import the exported file again:",
        `  pulumi stack import --stack ${commandWord(stack.name)} --file ${commandWord(state)}`,
        ...(dropped.length === 0
            ? []
            : [`It no longer has ${dropped.map(({ address }) => visible(address)).join(", ")}, which remain in AWS.`]),
    ];
}

/** The program whose state has the resource: the states of one file, or a stack. */
function ownerOf({ program, source, address }: ManagedResource): string {
    return JSON.stringify(program === "terraform" ? [source] : stackOf(address));
}

function releaseStep(resources: readonly ManagedResource[]): Step {
    const [{ program, source, address }] = resources as readonly [ManagedResource];
    const [where, after] =
        program === "terraform"
            ? [
                  `the state of Terraform (${visible(source)})`,
                  "Then remove them from the configuration. `terraform plan` must show no change for them.",
              ]
            : [
                  `the state of the stack ${quote(stackOf(address).name)}`,
                  "Then remove them from its program. `pulumi preview` must show no change for them.",
              ];
    return [
        `Remove the resources from ${where}. This deletes nothing in AWS:`,
        ...resources.map((resource) => `  ${releaseCommand(resource)}`),
        after,
    ];
}

/** The command that removes a resource from a state, and leaves it in AWS. */
function releaseCommand({ program, address }: ManagedResource): string {
    const word = commandWord(visible(address));
    return program === "terraform"
        ? `terraform state rm ${word}`
        : `pulumi state delete --stack ${commandWord(stackOf(address).name)} --yes ${word}`;
}
