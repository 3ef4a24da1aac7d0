import type { JSX } from "preact";
import { visible } from "../../contract/quote";
import { regionsText } from "../observed";
import type { AllowedCalls, DeniedCalls, RoleEvents, SubjectCalls } from "../role-events";
import { Code, amountOf, number, Prose, Scrolled, timeText } from "./parts";

/** The jobs that used a role or tried to. */
export function RoleEventsView({ events }: { events: RoleEvents }): JSX.Element {
    const { evidence, allowed, denied, unused, narrower } = events;
    return (
        <>
            <p>
                {evidence.count === 0
                    ? "No call of the role."
                    : `${amountOf(evidence.count, "call")} from ${timeText(evidence.first!)} to ${timeText(evidence.last!)} in ${visible(regionsText(evidence.regions))}. Events of other regions may be missing.`}
            </p>
            {allowed.length > 0 && <Calls title="Allowed" calls={allowed} detail={["Allowed now", nowText]} />}
            {denied.length > 0 && <Calls title="Denied" calls={denied} detail={["Cause and fix", causeText]} />}
            {unused !== "unknown" && unused.length > 0 && (
                <>
                    <h3>Not seen</h3>
                    <p>The trust policy allows these jobs. No event shows them.</p>
                    <ul>
                        {unused.map(({ path, description }) => (
                            <li key={path}>{visible(description)}</li>
                        ))}
                    </ul>
                </>
            )}
            <h3>Narrower trust policy</h3>
            {"reason" in narrower ? (
                <p>{visible(narrower.reason)}</p>
            ) : (
                <>
                    <p>{visible(narrower.summary)}</p>
                    <details>
                        <summary>Policy</summary>
                        <Code
                            label="Narrower trust policy as JSON"
                            text={JSON.stringify(JSON.parse(narrower.policy), null, 2)}
                        />
                    </details>
                </>
            )}
        </>
    );
}

function nowText({ now }: AllowedCalls): string {
    return { allowed: "Yes", denied: "No", unknown: "Depends on other claims" }[now];
}

function causeText({ cause, fix }: DeniedCalls): string {
    return `${cause} ${fix}`;
}

function Calls<T extends SubjectCalls>({
    title,
    calls,
    detail: [name, textOf],
}: {
    title: string;
    calls: readonly T[];
    detail: readonly [name: string, textOf: (calls: T) => string];
}): JSX.Element {
    return (
        <Scrolled label={`Table of calls: ${title}`}>
            <table>
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">Jobs</th>
                        <th scope="col" class="numeric">
                            Calls
                        </th>
                        <th scope="col">Last</th>
                        <th scope="col">Addresses</th>
                        <th scope="col">{name}</th>
                    </tr>
                </thead>
                <tbody>
                    {calls.map((each) => (
                        <tr key={JSON.stringify([each.sub, each.audience, each.provider])}>
                            <th scope="row">{visible(each.description)}</th>
                            <td class="numeric">{number(each.count)}</td>
                            <td class="nowrap">{timeText(each.last)}</td>
                            <td>
                                {each.addresses.map(visible).join(", ")}
                                {each.hasMoreAddresses && ", and others"}
                            </td>
                            <td>
                                <Prose text={textOf(each)} />
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </Scrolled>
    );
}
