/** Text that YAML of every version reads back as it was written: JSON's escapes are YAML's, and no other character is special. */
export function quoted(text: string): string {
    return JSON.stringify(text).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** The same without quotes, if no parser could read it as anything but this text. */
export function scalar(text: string): string {
    const isPlain = /^(?:[A-Za-z]|\.[A-Za-z]{2})[\w./@+-]*(?: [\w./@+-]+)*$/.test(text);
    return isPlain && !/^(?:true|false|yes|no|on|off|y|n|null|nil|nan|\.nan|\.inf|e[\d_.+-]*)$/i.test(text)
        ? text
        : quoted(text);
}

/** Text in single quotes, in which a backslash is a backslash: for regular expressions. */
export function singleQuoted(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}

/** A list item of a job's script: text of several lines becomes a block. */
export function scriptItem(text: string): string {
    const asBlock = /^[^\s#][\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff]*[^\s]$/.test(text) && text.includes("\n");
    return asBlock ? `- |-\n${indent(text, 2)}` : `- ${scalar(text)}`;
}

/** Every line that is not empty, further to the right. */
export function indent(text: string, by: number): string {
    return text.replace(/^(?=.)/gm, " ".repeat(by));
}
