import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { keyOf, logFile, once, projectRoot, run, which } from "./cache";
import { cachedPackages } from "./npm";

/** A Chromium that tests can start, or why there is none. */
export type Browser = FoundBrowser | { readonly missing: string };

export interface FoundBrowser {
    readonly path: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
}

/** Names of Chromium on PATH. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Options without which Chromium does not start as root or in a container. */
const ARGS = ["--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"];

/** The Chromium of an npm package, which brings its libraries and a font; on other platforms one on PATH. */
export async function browser(): Promise<Browser> {
    if (process.platform === "linux" && process.arch === "x64") {
        const folder = await unpacked();
        return {
            path: join(folder, "chromium"),
            args: ARGS,
            env: {
                FONTCONFIG_PATH: folder,
                LD_LIBRARY_PATH: join(folder, "al2023/lib"),
                HOME: homedir(),
            },
        };
    }
    for (const name of NAMES) {
        const path = await which(name);
        if (path !== undefined) {
            return { path, args: ARGS, env: {} };
        }
    }
    return {
        missing: `the npm package @sparticuz/chromium has Chromium for Linux on x64 only, and none of ${NAMES.join(", ")} is on PATH`,
    };
}

async function unpacked(): Promise<string> {
    const source = join(projectRoot, "tools/browser");
    const packages = await cachedPackages(source, "browser", "installing Chromium (70 MB, under a minute)");
    const chromium = createRequire(join(packages, "package.json")).resolve("@sparticuz/chromium");
    return once(keyOf("chromium", packages), "unpacking Chromium (seconds)", async (folder) => {
        // The package unpacks into the folder for temporary files, and its libraries on AWS Lambda only.
        const program = `const { default: chromium } = await import(${JSON.stringify(chromium)}); await chromium.executablePath();`;
        await run(process.execPath, ["--input-type=module", "-e", program], {
            log: logFile("chromium"),
            env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
        });
        await writeFile(join(folder, "fonts.conf"), FONTS);
    });
}

/** The package's own list of folders has absolute paths. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
    <dir prefix="relative">fonts</dir>
    <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
