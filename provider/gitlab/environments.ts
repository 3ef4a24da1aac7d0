/** Deployment tiers of environments. Source: GitLab, "Environments: Deployment tier of environments". */
export const TIERS: readonly string[] = ["production", "staging", "testing", "development", "other"];

/** Effects of a job on its environment. Source: GitLab, "CI/CD YAML syntax reference: environment:action". */
export const ENVIRONMENT_ACTIONS: readonly string[] = ["start", "prepare", "stop", "verify", "access"];

/** In GitLab's order. Source: `guess_tier` in GitLab's `app/models/environment.rb`; the documentation has only examples. */
const GUESSES: readonly (readonly [tier: string, name: RegExp])[] = [
    ["development", /dev|review|trunk/i],
    ["testing", /test|tst|int|ac(?:ce)?pt|qa|qc|control|quality/i],
    ["staging", /sta?g|mode?l|pre|demo|non/i],
    ["production", /pro?d|live/i],
];

/** The tier that GitLab gives a new environment with this name; undefined if that depends on the value of a CI/CD variable. */
export function guessTier(name: string): string | undefined {
    const [first, ...others] = name.split(/\$\{?\w+\}?/);
    const parts = [first!, ...others];
    const guess = GUESSES.findIndex(([, pattern]) => parts.some((part) => pattern.test(part)));
    // A variable can contain anything, but nothing comes before the first guess.
    return parts.length > 1 && guess !== 0 ? undefined : (GUESSES[guess]?.[0] ?? "other");
}
