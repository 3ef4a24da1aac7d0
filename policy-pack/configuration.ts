import { OWN, type PackPolicy } from "./policies";
import type { Settings } from "./settings";

/** The values that the rules of the pack compare with. A rule that is off has none. */
export interface Configuration {
    /** URLs of GitLab instances. They count as GitLab by any name. */
    readonly urls: readonly string[] | undefined;
    readonly audiences: readonly string[] | undefined;
    readonly projects: AllowedProjects | undefined;
    readonly boundaries: readonly string[] | undefined;
    /** Seconds. */
    readonly longestSession: number | undefined;
    readonly needsProjectId: boolean;
    readonly needsProtection: boolean;
    readonly isWithoutAdministrator: boolean;
    readonly isWithoutEscalation: boolean;
    readonly needsPower: boolean;
    /** IDs that the tag may accept; undefined for all warnings. */
    readonly acceptable: readonly string[] | undefined;
}

/** The projects that roles may trust. */
export interface AllowedProjects {
    readonly groups: readonly string[];
    readonly projects: readonly string[];
    readonly projectIds: readonly string[];
}

/** Reads the properties that Pulumi's engine has checked against the schemas. */
export function configurationOf(settings: Settings): Configuration {
    const value = (policy: PackPolicy, name: string): unknown => settings.propertiesOf(policy)?.[name];
    const list = (policy: PackPolicy, name: string): readonly string[] | undefined =>
        value(policy, name) as readonly string[] | undefined;
    const isOn = (policy: PackPolicy): boolean => settings.propertiesOf(policy) !== undefined;
    const [groups, projects, projectIds] = ["groups", "projects", "projectIds"].map((name) => list(OWN.projects, name));
    const hasProjects = [groups, projects, projectIds].some((given) => given !== undefined);
    return {
        urls: list(OWN.issuers, "urls"),
        audiences: list(OWN.audiences, "audiences"),
        projects: hasProjects
            ? { groups: groups ?? [], projects: projects ?? [], projectIds: projectIds ?? [] }
            : undefined,
        boundaries: list(OWN.boundary, "arns"),
        longestSession: value(OWN.session, "seconds") as number | undefined,
        needsProjectId: isOn(OWN.projectId),
        needsProtection: isOn(OWN.protection),
        isWithoutAdministrator: isOn(OWN.administrator),
        isWithoutEscalation: value(OWN.administrator, "escalation") === true,
        needsPower: isOn(OWN.unseen),
        acceptable: list(OWN.accept, "ids"),
    };
}
