import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../setup/cache";
import { screenOf } from "./screen";
import { svgOf } from "./svg";

/** A picture of the README: one for desktops, one for phones. */
export interface Picture {
    readonly name: string;
    readonly columns: number;
}

export const WIDE: Picture = { name: "terminal", columns: 100 };
export const NARROW: Picture = { name: "terminal-narrow", columns: 46 };

const TITLE =
    "A terminal: pulumi up creates the identity provider and the role; explain shows why AWS denies a job on a tag.";

/** The recorded session. `cat` shows it in a terminal. */
export const recordOf = ({ name }: Picture): string => join(projectRoot, "assets", `${name}.ansi`);
export const svgFileOf = ({ name }: Picture): string => join(projectRoot, "assets", `${name}.svg`);

/** The picture of the recorded session. */
export function render(picture: Picture): string {
    return svgOf(screenOf(readFileSync(recordOf(picture), "utf8"), picture.columns), picture.columns, TITLE);
}
