import type { ComponentChildren, JSX } from "preact";
import { capitalized, visible } from "../../contract/quote";
import type { AuditedRole, AuditedSubject, AuditFinding, WitnessClaims } from "../report";
import { ACCEPTED, findingExample, subjectText, trustText } from "../report-words";
import { RoleEventsView } from "./events";
import { formOf } from "./job";
import type { Model } from "./model";
import {
    Code,
    amountOf,
    PowerBadge,
    Prose,
    RoleLink,
    RuleLink,
    Scrolled,
    Section,
    SeverityMark,
    timeText,
} from "./parts";
import { hashOf } from "./route";

/** Everything about one role. */
export function RoleView({ model, role }: { model: Model; role: AuditedRole }): JSX.Element {
    return (
        <>
            <Facts model={model} role={role} />
            <Section id="findings" title={`Findings (${String(role.findings.length)})`}>
                {role.findings.length === 0 ? (
                    <p>No errors or warnings.</p>
                ) : (
                    <ul class="plain">
                        {role.findings.map((finding) => (
                            <li key={finding.id + finding.path}>
                                <FindingCard role={role} finding={finding} />
                            </li>
                        ))}
                    </ul>
                )}
            </Section>
            <Section id="jobs" title="Jobs that the trust policy allows">
                <Subjects role={role} />
            </Section>
            {role.events !== null && (
                <Section id="seen" title="Jobs in CloudTrail">
                    <RoleEventsView events={role.events} />
                </Section>
            )}
            <Section id="policy" title="Trust policy">
                <Code label="Trust policy as JSON" text={JSON.stringify(role.trustPolicy, null, 2)} />
            </Section>
        </>
    );
}

function Facts({ model, role }: { model: Model; role: AuditedRole }): JSX.Element {
    const { power, powerComplete, powerReasons, trusts, audiences, boundary, maxSessionDuration, lastUsed } = role;
    const chain = model.chains.get(role.arn);
    return (
        <dl class="details">
            <Fact name="ARN">
                <code>{visible(role.arn)}</code>
            </Fact>
            <Fact name="Power">
                <PowerBadge power={power} isAtLeast={!powerComplete} />
                <Texts
                    texts={powerReasons.map(({ kind, text }) => (kind === "unknown" ? `Not known: ${text}` : text))}
                />
            </Fact>
            <Fact name="GitLab instance">
                <Texts texts={trusts.map(trustText)} />
            </Fact>
            <Fact name="Audience">
                {audiences === "any"
                    ? "Any"
                    : audiences.map((audience) => <code key={audience}>{visible(audience)} </code>)}
            </Fact>
            <Fact name="Permissions boundary">{capitalizedWord(boundary)}</Fact>
            <Fact name="Longest session">
                {maxSessionDuration === "unknown" ? "Unknown" : durationText(maxSessionDuration)}
            </Fact>
            <Fact name="Last used">{capitalizedWord(timeText(lastUsed))}</Fact>
            {chain !== undefined && (
                <Fact name="Can use the roles">
                    <ul class="plain">
                        {chain.reaches.map((arn) => (
                            <li key={arn}>
                                {model.byArn.has(arn) ? (
                                    <RoleLink role={model.byArn.get(arn)!} />
                                ) : (
                                    <code>{visible(arn)}</code>
                                )}
                                {!chain.assumes.includes(arn) && (
                                    <span class="muted"> through another role or a service</span>
                                )}
                            </li>
                        ))}
                    </ul>
                </Fact>
            )}
            <Fact name="Documents">
                <Texts texts={role.sources} />
            </Fact>
        </dl>
    );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
    return (
        <div>
            <dt>{name}</dt>
            <dd>{children}</dd>
        </div>
    );
}

function Texts({ texts }: { texts: readonly string[] }): JSX.Element {
    return (
        <>
            {texts.map((text, i) => (
                <p key={i}>{visible(text)}</p>
            ))}
        </>
    );
}

/** `none`, `unknown` and `never` begin with a capital letter; anything else is a value. */
function capitalizedWord(text: string): string {
    return /^(?:none|unknown|never)$/.test(text) ? capitalized(text) : visible(text);
}

function durationText(seconds: number): string {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const parts = [
        ...(hours > 0 ? [amountOf(hours, "hour")] : []),
        ...(minutes > 0 ? [amountOf(minutes, "minute")] : []),
    ];
    return parts.length === 0 ? amountOf(seconds, "second") : parts.join(" ");
}

function FindingCard({ role, finding }: { role: AuditedRole; finding: AuditFinding }): JSX.Element {
    const example = findingExample(role, finding);
    return (
        <article class="card finding">
            <h3>
                <SeverityMark severity={finding.severity} /> <RuleLink id={finding.id} />
            </h3>
            <p>
                <Prose text={capitalized(finding.message)} />
            </p>
            <p>
                <strong>Fix:</strong> <Prose text={finding.fix} />
            </p>
            {finding.accepted && (
                <p>
                    <Prose text={ACCEPTED} />
                </p>
            )}
            {finding.path !== "" && (
                <p class="muted">
                    In <code>{visible(finding.path)}</code>
                </p>
            )}
            {example !== undefined && (
                <p>
                    Allows, for example: <code>{visible(example)}</code>{" "}
                    <CheckLink claims={role.witnesses[finding.witness!]!} />
                </p>
            )}
        </article>
    );
}

/** A link to the form, filled with the claims of an example. */
function CheckLink({ claims }: { claims: WitnessClaims }): JSX.Element {
    return (
        <a class="nowrap" href={hashOf({ view: "job", form: formOf(claims), isAsked: true })}>
            Check this job
        </a>
    );
}

const REFS: Readonly<Record<AuditedSubject["refs"], string>> = {
    one: "Named",
    some: "Pattern",
    any: "Any",
    unknown: "Unknown",
};

function Subjects({ role }: { role: AuditedRole }): JSX.Element {
    return (
        <Scrolled label="Table of jobs">
            <table>
                <caption class="sr-only">Jobs that the trust policy allows</caption>
                <thead>
                    <tr>
                        <th scope="col">Jobs</th>
                        <th scope="col">Branches and tags</th>
                        <th scope="col">Condition on sub</th>
                        <th scope="col">Example</th>
                    </tr>
                </thead>
                <tbody>
                    {role.subjects.map((subject) => (
                        <tr key={subject.path + subject.issuer}>
                            <th scope="row">{visible(subjectText(subject))}</th>
                            <td>{REFS[subject.refs]}</td>
                            <td>
                                {subject.sub === null ? (
                                    "None"
                                ) : (
                                    <>
                                        <span class="muted">{visible(subject.sub.operator)}</span>{" "}
                                        <code>{visible(subject.sub.value)}</code>
                                    </>
                                )}
                            </td>
                            <td>
                                <Example role={role} subject={subject} />
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </Scrolled>
    );
}

function Example({ role, subject }: { role: AuditedRole; subject: AuditedSubject }): JSX.Element {
    if (subject.witness === null) {
        return <span class="muted">{subject.reachable === false ? "No job can match" : "None found"}</span>;
    }
    const claims = role.witnesses[subject.witness]!;
    return (
        <>
            <details>
                <summary>
                    Claims<span class="sr-only"> of an example for: {visible(subject.description)}</span>
                </summary>
                <ClaimList claims={{ ...claims, ...subject.context }} />
            </details>
            <CheckLink claims={claims} />
        </>
    );
}

/** Claims by name. */
export function ClaimList({ claims }: { claims: Readonly<Record<string, string | number>> }): JSX.Element {
    return (
        <dl class="claims">
            {Object.entries(claims).map(([name, value]) => (
                <div key={name}>
                    <dt>{visible(name)}</dt>
                    <dd>
                        <code>{visible(String(value))}</code>
                    </dd>
                </div>
            ))}
        </dl>
    );
}
