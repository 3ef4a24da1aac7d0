import type { RequestContext } from "./request-context";

const ONE = Symbol("?");

/** The part of a pattern between two `*`: characters, and places for any one character. */
type Piece = readonly (string | typeof ONE)[];

/** A pattern, cut at its `*`. */
export type Glob = readonly Piece[];

/** The text with its policy variables filled in, or undefined if one of them has no value: then nothing matches. */
export function fillIn(text: string, context: RequestContext): string | undefined {
    return text.includes("${") ? tokensOf(text, context)?.join("") : text;
}

/** The pattern with its policy variables filled in, or undefined if one of them has no value: then nothing matches. A wildcard in what is filled in is a character. */
export function parsePattern(pattern: string, context: RequestContext): Glob | undefined {
    const tokens = tokensOf(pattern, context);
    return tokens === undefined ? undefined : globOf(tokens);
}

/** The pattern with its escapes resolved. A policy variable remains as text. */
export function patternGlob(pattern: string): Glob {
    return parsePattern(pattern, NO_VARIABLES) ?? literalGlob(pattern);
}

const NO_VARIABLES: RequestContext = new Map();

/** A pattern without variables. */
export function literalGlob(pattern: string): Glob {
    return globOf([pattern]);
}

/** The pattern that only the text matches. */
export function textGlob(text: string): Glob {
    return [text.split("")];
}

/** The text between variables, and the values of the variables. The values have the odd positions. */
function tokensOf(text: string, context: RequestContext): readonly string[] | undefined {
    // No variable ends after the last brace, so each `${` is followed to its brace once.
    const end = text.lastIndexOf("}") + 1;
    const tokens: string[] = [];
    for (const [i, part] of text
        .slice(0, end)
        .split(/\$\{([^}]*)\}/)
        .entries()) {
        const token = i % 2 === 0 ? part : /^[*?$]$/.test(part) ? part : variable(part, context);
        if (token === undefined) {
            return undefined;
        }
        tokens.push(token);
    }
    return [...tokens.slice(0, -1), `${tokens.at(-1)!}${text.slice(end)}`];
}

/** The names of the policy variables in a text, in lower case. */
export function variablesOf(text: string): readonly string[] {
    if (!text.includes("${")) {
        return [];
    }
    // No variable ends after the last brace, so each `${` is followed to its brace once.
    const references = text.slice(0, text.lastIndexOf("}") + 1).matchAll(/\$\{([^}]*)\}/g);
    return Array.from(references, ([, reference]) => nameOf(reference!)).filter((name) => !/^[*?$]$/.test(name));
}

/** The value of `${key}` or `${key, 'default'}`, given without the braces. */
function variable(reference: string, context: RequestContext): string | undefined {
    const actual = context.get(nameOf(reference));
    const [name] = reference.split(",", 1);
    return actual?.length === 1 ? actual[0] : /^'([^']*)'$/.exec(reference.slice(name!.length + 1).trim())?.[1];
}

/** The key in a variable that is given without its braces, in lower case. */
function nameOf(reference: string): string {
    return reference.split(",", 1)[0]!.trim().toLowerCase();
}

/** Wildcards count at the even positions only. */
function globOf(tokens: readonly string[]): Glob {
    let piece: (string | typeof ONE)[] = [];
    const pieces = [piece];
    for (const [i, token] of tokens.entries()) {
        for (const c of token.split("")) {
            if (c === "*" && i % 2 === 0) {
                piece = [];
                pieces.push(piece);
            } else {
                piece.push(c === "?" && i % 2 === 0 ? ONE : c);
            }
        }
    }
    return pieces;
}

/** The pattern cut at its first colons into at most so many parts. A wildcard matches none of these colons. */
export function splitGlob(glob: Glob, most: number): readonly Glob[] {
    let piece: (string | typeof ONE)[] = [];
    let part = [piece];
    const parts = [part];
    for (const [i, characters] of glob.entries()) {
        if (i > 0) {
            piece = [];
            part.push(piece);
        }
        for (const c of characters) {
            if (c === ":" && parts.length < most) {
                piece = [];
                part = [piece];
                parts.push(part);
            } else {
                piece.push(c);
            }
        }
    }
    return parts;
}

/** Whether the pattern matches all of the text. The first and the last piece have their place; the others are looked for from left to right, each behind the one before. */
export function matchesGlob(glob: Glob, value: string): boolean {
    const first = glob[0]!;
    const last = glob.at(-1)!;
    const end = value.length - last.length;
    if (glob.length === 1) {
        return end === 0 && isAt(first, value, 0);
    }
    if (first.length > end || !isAt(first, value, 0) || !isAt(last, value, end)) {
        return false;
    }
    let from = first.length;
    for (const piece of glob.slice(1, -1)) {
        const at = indexOfPiece(piece, value, from, end);
        if (at < 0) {
            return false;
        }
        from = at + piece.length;
    }
    return true;
}

const ANY = Symbol("*");

/** Cells of the table of `canBothMatch`: patterns of AWS's limits are far below. */
const MOST_CELLS = 4_000_000;

/** Whether some text matches both patterns; true for patterns that are too long to decide. */
export function canBothMatch(a: Glob, b: Glob): boolean {
    const [x, y] = [tokensOfGlob(a), tokensOfGlob(b)];
    if (x.length * y.length > MOST_CELLS) {
        return true;
    }
    // After i tokens of x: whether these and the first j tokens of y can match the same text.
    let row = [true];
    for (const [j, token] of y.entries()) {
        row.push(row[j]! && token === ANY);
    }
    for (const own of x) {
        const next = [row[0]! && own === ANY];
        for (const [j, other] of y.entries()) {
            next.push(
                own === ANY || other === ANY
                    ? row[j + 1]! || next[j]!
                    : row[j]! && (own === other || own === ONE || other === ONE),
            );
        }
        row = next;
    }
    return row.at(-1)!;
}

function tokensOfGlob(glob: Glob): readonly (Piece[number] | typeof ANY)[] {
    return glob.flatMap((piece, i): readonly (Piece[number] | typeof ANY)[] => (i === 0 ? piece : [ANY, ...piece]));
}

/** The characters of a text. */
type Characters = ArrayLike<string>;

function isAt(piece: Piece, value: Characters, at: number): boolean {
    return piece.every((c, i) => c === ONE || c === value[at + i]);
}

/** The first position of the piece in the text between the two positions; -1 if there is none. Reads each character of the text at most once. */
export function indexOfPiece(piece: Piece, value: Characters, from: number, end: number): number {
    if (piece.length > end - from) {
        return -1;
    }
    return piece.includes(ONE)
        ? indexOfPattern(piece, value, from, end)
        : indexOfText(piece as readonly string[], value, from, end);
}

/** Knuth, Morris and Pratt: after a difference, the search continues with the part of the piece that already matches there. */
function indexOfText(piece: readonly string[], value: Characters, from: number, end: number): number {
    const borders = bordersOf(piece);
    let length = 0;
    for (let v = from; length < piece.length; v++) {
        if (v === end) {
            return -1;
        }
        const c = value[v];
        while (length > 0 && c !== piece[length]) {
            length = borders[length - 1]!;
        }
        if (c === piece[length]) {
            length += 1;
        }
        if (length === piece.length) {
            return v + 1 - length;
        }
    }
    return from;
}

/** For each beginning of the piece the length of the longest shorter one that it ends with. */
function bordersOf(piece: readonly string[]): Int32Array {
    const borders = new Int32Array(piece.length);
    let length = 0;
    for (let i = 1; i < piece.length; i++) {
        while (length > 0 && piece[i] !== piece[length]) {
            length = borders[length - 1]!;
        }
        if (piece[i] === piece[length]) {
            length += 1;
        }
        borders[i] = length;
    }
    return borders;
}

/** Baeza-Yates and Gonnet: a bit for each beginning of the piece that ends at the current character, 32 of them in one step. */
function indexOfPattern(piece: Piece, value: Characters, from: number, end: number): number {
    const words = Math.ceil(piece.length / 32);
    const anywhere = new Uint32Array(words);
    const places = new Map<string, Uint32Array>();
    const mark = (bits: Uint32Array, i: number): void => {
        bits[i >>> 5] = bits[i >>> 5]! | (1 << (i & 31));
    };
    piece.forEach((c, i) => c === ONE && mark(anywhere, i));
    piece.forEach((c, i) => {
        if (c !== ONE) {
            const bits = places.get(c) ?? anywhere.slice();
            places.set(c, bits);
            mark(bits, i);
        }
    });
    const state = new Uint32Array(words);
    const whole = piece.length - 1;
    for (let v = from; v < end; v++) {
        const fitting = places.get(value[v]!) ?? anywhere;
        let carry = 1;
        for (let w = 0; w < words; w++) {
            const bits = state[w]!;
            state[w] = ((bits << 1) | carry) & fitting[w]!;
            carry = bits >>> 31;
        }
        if (((state[whole >>> 5]! >>> (whole & 31)) & 1) === 1) {
            return v - whole;
        }
    }
    return -1;
}
