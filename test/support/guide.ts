import { blocksOf } from "./pages";

const GUIDE = "docs/guides/audit-an-account.md";

/** The block of the guide "Audit an account" that has a text. */
export function guideBlock(language: string, text: string): string {
    const found = blocksOf(GUIDE).filter((block) => block.language === language && block.text.includes(text));
    if (found.length !== 1) {
        throw new Error(`${GUIDE} has ${String(found.length)} blocks in ${language} with ${JSON.stringify(text)}`);
    }
    return found[0]!.text;
}

/** The script that collects the files, `collect.sh`. */
export const collectScript = (): string => guideBlock("sh", "aws iam get-account-authorization-details --filter");
