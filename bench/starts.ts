import { spawn } from "node:child_process";
import { once } from "node:events";
import { startMonitor, type Monitor } from "../test/support/monitor";
import { Plugin, type Candidate } from "./plugin";
import { rowOf, type Row } from "./row";
import { inTurns, samplesOf, timed, type Samples } from "./samples";

export interface Plugins {
    /** The bundle, with node. */
    readonly bundle: Candidate;
    /** The self-contained executable. */
    readonly executable: Candidate;
    readonly boilerplate: Candidate;
}

/** What the plugins take from their start on, without an engine. */
export async function measurePlugins(plugins: Plugins): Promise<readonly Row[]> {
    const monitor = await startMonitor();
    try {
        return [
            ...(await starts(plugins, monitor)),
            ...(await firstAnswers(plugins, monitor)),
            ...(await memory(plugins, monitor)),
            ...(await growth(plugins, monitor)),
        ];
    } finally {
        monitor.stop();
    }
}

async function withPlugin<T>(candidate: Candidate, monitor: Monitor, use: (plugin: Plugin) => Promise<T>): Promise<T> {
    const plugin = await Plugin.start(candidate, monitor);
    try {
        return await use(plugin);
    } finally {
        await plugin.stop();
    }
}

async function starts({ bundle, executable, boilerplate }: Plugins, monitor: Monitor): Promise<readonly Row[]> {
    const start = (candidate: Candidate) => () =>
        withPlugin(candidate, monitor, ({ startedIn }) => Promise.resolve(startedIn));
    const ours = await inTurns(25, { bundle: start(bundle), executable: start(executable), node: startNode });
    // It takes longest by far: fewer rounds.
    const { boilerplate: theirs } = await inTurns(5, { boilerplate: start(boilerplate) });
    const row = (id: string, what: string, of: Samples, peer: string, against: Samples, bar: number): Row =>
        rowOf({ id, what, peer, unit: "ms", ours: of, theirs: against, bar });
    return [
        row("start-bundle", "plugin start to port line, bin/ with node", ours.bundle, "(b)", theirs, 0.15),
        row("start-executable", "plugin start to port line, executable", ours.executable, "(b)", theirs, 0.25),
        row("start-node", "plugin start to port line, bin/ with node", ours.bundle, "node -p 1", ours.node, 4),
    ];
}

async function startNode(): Promise<number> {
    return timed(() => once(spawn(process.execPath, ["-p", "1"], { stdio: "ignore" }), "exit"));
}

async function firstAnswers({ bundle, boilerplate }: Plugins, monitor: Monitor): Promise<readonly Row[]> {
    const schema = (candidate: Candidate) => () =>
        withPlugin(candidate, monitor, (plugin) => timed(() => plugin.getSchema()));
    const construct = (candidate: Candidate) => () =>
        withPlugin(candidate, monitor, (plugin) => timed(() => plugin.construct(1)));
    const schemas = await inTurns(5, { ours: schema(bundle), theirs: schema(boilerplate) });
    const constructs = await inTurns(5, { ours: construct(bundle), theirs: construct(boilerplate) });
    return [
        rowOf({
            id: "get-schema",
            what: "first GetSchema after start",
            peer: "(b)",
            unit: "ms",
            ...schemas,
            bar: 0.02,
        }),
        rowOf({
            id: "construct-1",
            what: "first Construct after start, 1 role",
            peer: "(b)",
            unit: "ms",
            ...constructs,
            bar: 0.25,
        }),
    ];
}

async function memory({ bundle, boilerplate }: Plugins, monitor: Monitor): Promise<readonly Row[]> {
    const peak = (candidate: Candidate, roles: number) => () =>
        withPlugin(candidate, monitor, async (plugin) => {
            await plugin.construct(roles);
            const megabytes = plugin.peakMegabytes();
            if (megabytes === undefined) {
                throw new Error("peak memory is measured on Linux alone");
            }
            return megabytes;
        });
    const rows: Row[] = [];
    for (const roles of [1, 1000]) {
        // The peak of the boilerplate plugin has two usual values, a third apart: two samples are too few for a median.
        const peaks = await inTurns(5, { ours: peak(bundle, roles), theirs: peak(boilerplate, roles) }, 0);
        const what = `peak memory of the plugin, ${String(roles)} role${roles === 1 ? "" : "s"}`;
        rows.push(rowOf({ id: `memory-${String(roles)}`, what, peer: "(b)", unit: "MB", ...peaks, bar: 0.5 }));
    }
    return rows;
}

const SIZES = [10, 1000, 5000] as const;

/** The exponent with which the plugin's own time grows: every registration is answered at once. */
async function growth({ bundle }: Plugins, monitor: Monitor): Promise<readonly Row[]> {
    const exponents: number[] = [];
    for (let round = 0; round < 2; round += 1) {
        const times: number[] = [];
        for (const roles of SIZES) {
            times.push(
                await withPlugin(bundle, monitor, async (plugin) => {
                    // What is loaded at the first is not growth.
                    await plugin.construct(1);
                    return timed(() => plugin.construct(roles));
                }),
            );
        }
        const between = (a: number, b: number): number =>
            Math.log(times[b]! / times[a]!) / Math.log(SIZES[b]! / SIZES[a]!);
        exponents.push(Math.max(between(0, 1), between(1, 2)));
    }
    return [
        rowOf({
            id: "growth",
            what: "growth of our own time, 10 to 1,000 to 5,000 roles: the larger exponent",
            peer: "linear",
            unit: "",
            ours: samplesOf(exponents),
            theirs: samplesOf([1]),
            bar: 1.1,
        }),
    ];
}
