import { EventIds } from "./event-ids";
import { type ReadCall, readEvent, type ReadEvent, type WebIdentityEvent } from "./events";
import type { Period } from "./period";

/** How often something happened, and when first and last, in UTC. */
export interface Occurrences {
    /** Number of calls. */
    readonly count: number;
    /** Time of the first one. */
    readonly first: string;
    /** Time of the last one. */
    readonly last: string;
}

/** Calls with the same `sub` claim and audience. */
export interface SeenSubject {
    /** ARN of the identity provider; undefined if the events do not have it. */
    readonly provider: string | undefined;
    /** Undefined if the events do not have it. */
    readonly sub: string | undefined;
    /** Undefined if it cannot be read from the events. */
    readonly audience: string | undefined;
    /** Calls that AWS allowed; undefined if there are none. */
    readonly allowed: Occurrences | undefined;
    /** Calls that AWS denied; undefined if there are none. */
    readonly denied: Occurrences | undefined;
    /** The last call that AWS denied. */
    readonly lastDenied: WebIdentityEvent | undefined;
    /** The first addresses that the calls came from. */
    readonly addresses: readonly string[];
    /** Whether there were more addresses. */
    readonly hasMoreAddresses: boolean;
}

/** The calls for one role. */
export interface SeenRole extends Occurrences {
    readonly roleArn: string;
    readonly account: string;
    readonly regions: readonly string[];
    /** Sorted by `sub` claim, audience and provider. */
    readonly subjects: readonly SeenSubject[];
    /** Calls with subjects that are not listed, because there are too many to keep. */
    readonly omitted: number;
}

/** An event that could not be read. */
export interface UnreadableEvent {
    /** Position among the events, from 1. */
    readonly position: number;
    readonly id: string | undefined;
    readonly reason: string;
}

export interface SeenEventsOptions {
    /** The period that the events cover. Other calls do not count. Default: all count. */
    readonly period?: Period;
    /** Only calls of these identity providers count; given the ARN. Default: all. */
    readonly isWanted?: (provider: string) => boolean;
    /** Most addresses of a subject. Default: 5. */
    readonly addresses?: number;
    /** Limits the memory, in characters. Default: 64 million. */
    readonly capacity?: number;
}

/** Memory of a subject in addition to its own characters, in characters. */
const ENTRY = 500;

/** More than AWS has. */
const MOST_REGIONS = 100;
const MOST_UNREADABLE = 20;

/**
 * Collects the callers of AssumeRoleWithWebIdentity from any number of events, one by one. It keeps counts, times, some addresses and the
 * last denied call of each subject. If there are too many subjects, it only counts the calls of further ones.
 *
 * An event that several files have counts once.
 */
export class SeenEvents {
    private readonly roles = new Map<string, RoleTally>();
    private readonly options: Required<Omit<SeenEventsOptions, "period" | "isWanted">> & SeenEventsOptions;
    private readonly ids = new EventIds();
    private readonly all = new CallTally();
    private left: number;
    private examples: UnreadableEvent[] = [];

    /** All events that were added. */
    total = 0;
    /** Calls outside of the period. */
    outside = 0;
    /** Calls that were added before. */
    repeated = 0;
    /** Calls that may be counted twice, because there are too many to recognize. */
    unrecognized = 0;
    /** Events that could not be read. */
    unreadable = 0;
    /** Calls for roles that are not kept, because there are too many. */
    omitted = 0;

    constructor(options: SeenEventsOptions = {}) {
        this.options = { addresses: 5, capacity: 64_000_000, ...options };
        this.left = this.options.capacity;
    }

    /** Adds an event in one of the forms that `readEvent` accepts. Never throws. */
    add(given: unknown): void {
        this.addRead(readEvent(given));
    }

    /** Adds an event that was read. */
    addRead(read: ReadEvent): void {
        this.total += 1;
        if (read.kind === "unreadable") {
            this.unreadable += 1;
            if (this.examples.length < MOST_UNREADABLE) {
                this.examples.push({ position: this.total, id: read.id, reason: read.reason });
            }
        } else if (read.kind === "call") {
            this.addCall(read);
        }
    }

    /** The first events that could not be read. */
    get unreadableExamples(): readonly UnreadableEvent[] {
        return this.examples;
    }

    /** Calls of jobs that count. */
    get calls(): number {
        return this.all.times.count;
    }

    /** When the calls that count came; undefined if there are none. */
    get occurrences(): Occurrences | undefined {
        return this.all.times.result();
    }

    /** Regions of the STS endpoints that the calls came to. */
    get regions(): readonly string[] {
        return this.all.sortedRegions();
    }

    get period(): Period | undefined {
        return this.options.period;
    }

    /** The roles that were called, by ARN. */
    get roleArns(): readonly string[] {
        return [...this.roles.keys()].sort();
    }

    /** The calls for a role; undefined if there were none. */
    role(arn: string): SeenRole | undefined {
        return this.roles.get(arn)?.result();
    }

    private addCall({ event, identity }: ReadCall): void {
        const { period, isWanted } = this.options;
        if (isWanted !== undefined && event.provider !== undefined && !isWanted(event.provider)) {
            return;
        }
        const isNew = identity === undefined ? true : this.ids.add(identity);
        if (isNew === false) {
            this.repeated += 1;
            return;
        }
        if (period !== undefined && (event.time < period.from || event.time > period.to)) {
            this.outside += 1;
            return;
        }
        if (isNew === undefined) {
            this.unrecognized += 1;
        }
        this.all.add(event);
        let role = this.roles.get(event.roleArn);
        if (role === undefined) {
            if (!this.hasRoomFor(event.roleArn.length)) {
                this.omitted += 1;
                return;
            }
            role = new RoleTally(event);
            this.roles.set(event.roleArn, role);
        }
        role.add(event, this.options.addresses, (characters) => this.hasRoomFor(characters));
    }

    private hasRoomFor(characters: number): boolean {
        if (this.left < characters + ENTRY) {
            return false;
        }
        this.left -= characters + ENTRY;
        return true;
    }
}

/** Counts while events are added. */
class Tally {
    count = 0;
    first = "~";
    last = "";

    add(time: string): void {
        this.count += 1;
        if (time < this.first) {
            this.first = time;
        }
        if (time > this.last) {
            this.last = time;
        }
    }

    result(): Occurrences | undefined {
        const { count, first, last } = this;
        return count === 0 ? undefined : { count, first, last };
    }
}

/** Counts calls, and has their regions. */
class CallTally {
    readonly times = new Tally();
    private readonly regions = new Set<string>();

    add({ time, region }: WebIdentityEvent): void {
        this.times.add(time);
        if (region !== undefined && this.regions.size < MOST_REGIONS) {
            this.regions.add(region);
        }
    }

    sortedRegions(): readonly string[] {
        return [...this.regions].sort();
    }
}

interface SubjectTally {
    readonly event: WebIdentityEvent;
    readonly allowed: Tally;
    readonly denied: Tally;
    lastDenied: WebIdentityEvent | undefined;
    readonly addresses: string[];
    hasMoreAddresses: boolean;
}

class RoleTally {
    private readonly all = new CallTally();
    private readonly subjects = new Map<string, SubjectTally>();
    private omitted = 0;

    constructor(private readonly event: WebIdentityEvent) {}

    add(event: WebIdentityEvent, mostAddresses: number, hasRoomFor: (characters: number) => boolean): void {
        this.all.add(event);
        const id = idOf(event);
        let subject = this.subjects.get(id);
        if (subject === undefined) {
            // The map has the texts once, and so have the first and the last denied event.
            if (!hasRoomFor(3 * id.length)) {
                this.omitted += 1;
                return;
            }
            subject = {
                event,
                allowed: new Tally(),
                denied: new Tally(),
                lastDenied: undefined,
                addresses: [],
                hasMoreAddresses: false,
            };
            this.subjects.set(id, subject);
        }
        (event.errorCode === undefined ? subject.allowed : subject.denied).add(event.time);
        if (event.errorCode !== undefined && event.time >= (subject.lastDenied?.time ?? "")) {
            subject.lastDenied = event;
        }
        if (event.address !== undefined && !subject.addresses.includes(event.address)) {
            if (subject.addresses.length < mostAddresses) {
                subject.addresses.push(event.address);
            } else {
                subject.hasMoreAddresses = true;
            }
        }
    }

    result(): SeenRole {
        const { roleArn, account } = this.event;
        const sorted = [...this.subjects].sort(([a], [b]) => (a < b ? -1 : 1));
        return {
            roleArn,
            account,
            ...this.all.times.result()!,
            regions: this.all.sortedRegions(),
            subjects: sorted.map(([, s]) => ({
                provider: s.event.provider,
                sub: s.event.sub,
                audience: s.event.audience,
                allowed: s.allowed.result(),
                denied: s.denied.result(),
                lastDenied: s.lastDenied,
                addresses: [...s.addresses].sort(),
                hasMoreAddresses: s.hasMoreAddresses,
            })),
            omitted: this.omitted,
        };
    }
}

function idOf({ sub, audience, provider }: WebIdentityEvent): string {
    return JSON.stringify([sub, audience, provider]);
}
