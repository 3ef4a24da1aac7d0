import { chromium, type Browser } from "playwright-core";
import type { FoundBrowser } from "../setup/browser";

/** Starts a Chromium without a window. The caller closes it. */
export function launch({ path, args, env }: FoundBrowser): Promise<Browser> {
    return chromium.launch({ executablePath: path, args: [...args], env: { ...process.env, ...env } });
}
