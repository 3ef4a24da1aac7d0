/** One pattern of prose that a hurried reader stumbles over. */
export interface Pattern {
    readonly pattern: RegExp;
    /** What to write instead. */
    readonly write: string;
}

/** The longest sentence, in words. */
export const LONGEST_SENTENCE = 35;

/** Words and phrases that are not plain English, or not the term that AWS, GitLab and Pulumi use. */
export const PATTERNS: readonly Pattern[] = [
    { pattern: /\bcure[sd]?\b/i, write: "fix" },
    { pattern: /\badmit(s|ted|ting)?\b/i, write: "allow, trust" },
    {
        pattern: /(?<!connection )\brefus(e|es|ed|ing|al|als)\b(?! (the )?connections?)/i,
        write: "deny (a job), reject (an input), fail",
    },
    { pattern: /(?<!\bcertificate )\bauthorit(y|ies)\b/i, write: "CA" },
    { pattern: /\b(a|the|its|their) carrier's NAT\b/i, write: "CGNAT" },
    { pattern: /\b(key sets?|keys document)\b/i, write: "JWKS" },
    { pattern: /\bown domains?\b/i, write: "custom domain" },
    { pattern: /\baccount's number\b/i, write: "account ID" },
    { pattern: /\b(is|are|comes?|known) late\b/i, write: "unknown until up" },
    { pattern: /\bpackets\b/i, write: "connections" },
    {
        pattern: /\b(stands?|stood|standing)\b(?! (in|-in) for)(?!-)/i,
        write: "appears, is listed, is set",
    },
    { pattern: /\b(say|says|said|saying)\b/i, write: "returns, reports, prints, specify, document" },
    { pattern: /\b(tell|tells|told|telling)\b/i, write: "reports, distinguishes" },
    { pattern: /\b(whoever|whichever|whatever)\b/i, write: "anyone who, any" },
    { pattern: /\bso that\b/i, write: "so" },
    { pattern: /\bworth knowing\b/i, write: "risky but valid" },
    { pattern: /\b(has|have|had) (not|no more)\b(?! been| yet)/i, write: "does not have, no longer has" },
    { pattern: /\bno more\b(?! than)/i, write: "no longer" },
    {
        pattern:
            /\bwhere (there (is|are)|(it|they|one|that|this|nothing|none) (is|are|has|have|can|cannot|does|do|was)|not)\b/i,
        write: "if, when",
    },
    {
        pattern: /\b(give|gives|gave|given) (it )?(text|a text|a list|an? object)\b/i,
        write: "use a string, an array, an object",
    },
    {
        pattern:
            /(?<!`)\b(makes?|making|made)\b(?! (sure|sense|[a-z]+\b`|demo|test|bench|sdk|dist|docs|lint|build|setup|format|fuzz|compat|mutation|clean))/i,
        write: "creates, is, writes",
    },
    {
        pattern:
            /\b(takes?|taking|taken|took)\b(?! (effect|precedence|over|place|about|up to|longer|less|more than|the longest|(the )?(first|next|last) place|[\d.]+ (ms|seconds?|minutes?|hours?)|a (second|minute|few|long|while)|(some|several|many|half|two|three|five|ten) ))/i,
        write: "accepts, requires, reads",
    },
    { pattern: /\b(wins?|won) (over)?\b/i, write: "overrides, takes precedence" },
    { pattern: /\bgo(es)? on\b|\bwent on\b/i, write: "continues" },
    { pattern: /\bmend(s|ed|ing)?\b/i, write: "fix" },
    { pattern: /\binto force\b/i, write: "apply" },
    { pattern: /\banother end\b/i, write: "different suffix" },
    { pattern: /\bhands? back\b/i, write: "returns" },
    { pattern: /\bbelieve[sd]?\b/i, write: "trusts, accepts" },
    { pattern: /\bbeside\b(?! the point)/i, write: "next to, in addition to" },
    { pattern: /\b(kin|thereof|whence|hence|therein|thereby|likewise)\b/i, write: "(leave it out)" },
    { pattern: /\bthe ones? (that|which|who)\b/i, write: "name the thing" },
    { pattern: /\bGitLab of (your|their|its|our) own\b/i, write: "self-managed GitLab" },
    { pattern: /\bis nothing\b/i, write: "is missing" },
    { pattern: /\bby hand and\b/i, write: "manually and" },
    { pattern: /\bneither\b(?!.*\bnor\b)/i, write: "also not" },
    { pattern: /\bcomes? out\b/i, write: "results, is evaluated" },
    { pattern: /\b(lets?|letting) (\w+ ){1,3}in\b/i, write: "allow" },
    { pattern: /\b(meant|means) (harm|well)\b/i, write: "hostile" },
    { pattern: /\bseen (on|with|from)\b/i, write: "tested on, measured on" },
    { pattern: /\bno word of\b/i, write: "without mentioning" },
    { pattern: /(^|[.;:!] )What (?![^.?;:!]*\?)\w+ \w+/, write: "a sentence that starts with its subject" },
];
