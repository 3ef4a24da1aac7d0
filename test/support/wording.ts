/**
 * Sentences of findings, explanations and documents that more than one test reads, each in this one line. They are written
 * manually: if they came from `provider/`, a test would only compare the code with itself.
 */
export const SAYS = {
    // Documents, and the files that they are in
    jsonNotObject: "is JSON, but not an object",
    jsonWebPage: "is not JSON, but looks like a web page",
    jsonByteOrderMark: "begins with a byte order mark, which JSON does not allow",
    jsonLacks: (kind: string): string => `contains a ${kind}, which JSON does not have`,
    policyAsJson: 'Pass { "Version": "2012-10-17", "Statement": [...] } as a JSON string or as an object.',
    noStatement: "The trust policy has no `Statement`.",
    severalPolicies: (count: string, roles: string): string => `There are ${count} trust policies: those of ${roles}.`,
    giveOneRole: (role: string): string =>
        `Pass one role, for example the output of: aws iam get-role --role-name ${role}`,
    notGitLab: (provider: string): string => `Its identity provider is not a GitLab instance: ${provider}.`,
    bothFromInput: (first: string, second: string): string =>
        `--${first} and --${second} both read standard input. Standard input can be read once: use a file for one of them.`,

    // Paths, refs and the sub claim
    reservedSuffix: (path: string, segment: string): string =>
        `"${path}" has the segment "${segment}", but GitLab does not allow a path that ends in ".git" or ".atom".`,
    segmentWildcard: (path: string, segment: string): string =>
        `"${path}" has a wildcard inside the segment "${segment}". For example, \`mygroup/app*\` also matches \`mygroup/app-evil\` and \`mygroup/app/other\`.`,
    fullRef: (ref: string): string => `"${ref}" is a full ref, but the \`sub\` claim has the short name.`,
    shortName: (kind: string, command: string): string =>
        `Write the short name of the ${kind}, as \`git ${command}\` lists it.`,
    addressBar: (path: string): string => `Write the path as it appears in the browser's address bar: "${path}".`,
    componentWildcard: (sub: string, wildcard: string): string =>
        `"${sub}" has the wildcard "${wildcard}" in the place of a component's name.`,
    asGitLab: (sub: string): string => `Write it as GitLab does: "${sub}".`,
    standsFor: (values: string): string => `Write the values that it matches: ${values}.`,
    longSub: (length: string): string =>
        `The sub claim has ${length} characters. AWS does not document that STS accepts more than 255.`,
    leadWithId: "Begin the project's sub claim with `project_id` instead of `project_path`: it is shorter.",
    notLatin1: (text: string, code: string): string =>
        `"${text}" has the character U+${code}, which IAM does not store in a policy.`,
    writeLatin1: "Use printable Latin-1. In a branch or tag, the pattern `?` matches that character.",
    caseShown: "Write both exactly as GitLab shows the path.",
    noSuchKey: (key: string, issuer: string): string => `"${key}" is not a key of the issuer "${issuer}".`,

    // Condition keys and operators
    keysBegin: (issuer: string): string =>
        `Keys of the ID token begin with "${issuer}:", the identity provider's URL without https://.`,
    gitlabComKey: (key: string): string =>
        `"${key}" is a condition key only for gitlab.com. With this issuer it would never be met.`,
    leaveOutKey:
        "Remove it. To check more than project and ref, add components to the `sub` claim with the project's setting `ci_id_token_sub_claim_components`.",
    notSignedIn: (key: string): string =>
        `"${key}" is not in the request when a job exchanges its ID token, because the caller has no AWS identity yet. The condition would never be met.`,
    whoMayCall: "Remove it: the `sub` claim defines who may call.",
    notLookedAt: (key: string): string => `"${key}" is a claim that AWS does not evaluate.`,
    keysAre: (keys: string): string => `Keys are ${keys}. AWS cannot check the name of an environment.`,
    forAllValues: "A request without the key meets `ForAllValues`.",
    notText: (operator: string, key: string): string =>
        `"${operator}" does not compare strings, but all values of "${key}" are strings. AWS does not document whether it would ever be met.`,
    ifExists: (operator: string): string => `A request without the key meets "${operator}".`,
    writeAction: 'Write "Action": "sts:AssumeRoleWithWebIdentity".',
    policyVariable: (value: string): string => `"${value}" has a policy variable.`,
    writeValue: "Write the value itself. To match a dollar sign before a brace, write `${$}`.",
    idWildcard: (id: string): string => `"${id}" has a wildcard: \`20*\` also matches project 2099.`,
    notAnId: (id: string): string => `"${id}" is not a numeric project ID.`,
    writeId: "Write the number without wildcards. In GitLab, open the project and choose ⋮ > Copy project ID.",
    notBoolean: (value: string): string => `"${value}" is neither true nor false.`,
    nameOnly: "A user name or email address can later belong to someone else. The numeric ID cannot.",
    namespaceOnly: "The namespace identifies the owner of the project, not the project.",
    subjectAsAudience: (sub: string): string => `"${sub}" is a subject, not an audience: no token has it as \`aud\`.`,
    audienceAsSubject: (value: string, what: string): string =>
        `"${value}" is ${what}, not a subject: no token has it as \`sub\`.`,

    // Jobs that a role trusts
    groupWide: (group: string): string =>
        `The role trusts every project below "${group}", in subgroups and in the future too. Anyone who can create a project there can assume the role.`,
    anyBranch:
        "The role trusts every branch, and merge requests from the same project. Anyone who can push a branch can assume the role.",
    unprotectedBranch: (pattern: string): string =>
        `Anyone who can push a branch that matches "${pattern}" can assume the role, unless such branches are protected in GitLab.`,
    unprotectedTag: "Anyone who can push a tag can assume the role, unless such tags are protected in GitLab.",
    pathOnly: "If the project is deleted, renamed or moved, someone else can create a project with this path.",
    addNumericId: (how: string): string => `Add ${how}. In GitLab, open the project and choose ⋮ > Copy project ID.`,
    notTested: (key: string): string =>
        `does not test "${key}": every job of every project on the instance can assume the role.`,
    everyJob: (sub: string): string => `"${sub}" allows every job of every project on the instance.`,
    eachProject: (all: string): string => `Write the whole path of each project, or "${all}" for all of the group.`,
    eachProjectBelow: (sub: string): string => `Write "${sub}" for each project.`,
    orProtectBranches: (how: string): string =>
        `Write "…:ref_type:branch:ref:main", or protect the branches and ${how}.`,
    nameBranch: (how: string): string => `Name the branch, or protect the branches and ${how}.`,
    protectTags: (how: string): string => `Protect the tags and ${how}.`,
    endProtected:
        "add `ref_protected` to the project's sub claim (GitLab 18.7) and let the value end with `ref_protected:true`",
    notProviderArn: (arn: string): string => `"${arn}" is not the ARN of an IAM OIDC identity provider.`,
    likeProviderArn: (issuer: string): string => `It looks like "arn:aws:iam::111122223333:oidc-provider/${issuer}".`,
    withoutWhiteSpace: (size: string): string => `The trust policy has ${size} characters without white space`,
    roleQuota: 'the quota "Role trust policy length", unless yours was raised',
    notManagedPolicy: (arn: string): string => `"${arn}" is not the ARN of a managed policy.`,

    // The ID token
    issuerMissing:
        "The claim `iss` is missing or not a string. Pass the token's claims unchanged, as GitLab issued them.",
    tokenLength: (length: string): string => `The token has ${length} characters, but STS accepts 4 to 20000.`,
    tokenParts: "The token is not a signed JSON web token: three parts in base64url with dots between them.",
    otherAlgorithm: (algorithm: string): string =>
        `The token's algorithm is "${algorithm}", but GitLab signs with RS256.`,
    expired: (seconds: string): string =>
        `The token expired ${seconds} s ago: a token is valid until the timeout of its job.`,
    notYet: (seconds: string): string => `The token is not valid for another ${seconds} s.`,
    noClaim: (claim: string): string => `The token has no claim \`${claim}\`.`,

    // Reasons for which AWS denies a job
    notAuthorized:
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    issuerCompared: (issuer: string, url: string): string =>
        `The token's issuer is "${issuer}", but the identity provider's URL is "${url}". AWS compares them exactly.`,
    otherIssuer: (issuer: string, trusted: string): string =>
        `The token was issued by "${issuer}", but the statement trusts ${trusted}.`,
    otherAction: (actions: string): string => `The statement covers ${actions}, but not sts:AssumeRoleWithWebIdentity.`,
    otherCase: (came: string, expected: string): string =>
        `"${came}" differs from "${expected}" only in case, and the comparison is exact.`,
    takenLiterally: (operator: string, wildcard: string, value: string): string =>
        `${operator} compares the \`${wildcard}\` in "${value}" as a plain character.`,
    otherComponents: (came: string, expected: string): string =>
        `The sub claim consists of ${came}, but the role expects ${expected}.`,
    declareComponents:
        "Set `subClaimComponents` to the project's setting `ci_id_token_sub_claim_components`, or change that setting.",
    otherProject: (project: string, allowed: string): string =>
        `The job belongs to project "${project}", but the role allows ${allowed}.`,
    addProject: (project: string): string => `If it should have the role, add a subject with project: "${project}".`,
    otherProjectId: (id: string, allowed: string): string =>
        `The job belongs to the project with ID "${id}", but the role allows ${allowed}.`,
    addProjectId: (id: string): string => `If it should have the role, add a subject with projectId: "${id}".`,
    otherAudience: (audience: string, allowed: string): string =>
        `The job requested the audience "${audience}", but the role allows ${allowed}.`,
    onTag: (tag: string): string => `The job ran on tag ${tag}, but the role allows only branches.`,
    onBranch: (branch: string): string => `The job ran on branch ${branch}, but the role allows only tags.`,
    otherRef: (kind: string, ref: string, allowed: string): string =>
        `The job ran on ${kind} "${ref}", but the role allows ${allowed}.`,
    addKind: (kind: string, other: string): string => `Add a subject with \`${kind}\`, or run the job on a ${other}.`,
    runThere: (rule: string, kind: string, name: string): string =>
        `Run the job there (\`rules: - if: ${rule}\`), or add a subject with ${kind}: "${name}".`,
    noRefType: (value: string, refType: string): string =>
        `"${value}" matches no job. There is no ref_type "${refType}": GitLab uses branch and tag, and branch for merge requests.`,
    writeForJob: (sub: string): string => `Write "${sub}" for this job.`,
    shortRef: "Write the short name of the ref, without refs/heads/ or refs/tags/, as in the sub claim.",
    otherClaim: (claim: string, came: string, allowed: string): string =>
        `The job's ${claim} is "${came}", but the role allows ${allowed}.`,
    addSubject: "Run the job as the role expects, or add a subject for it.",
    changeCondition: "Run the job as the role expects, or change the condition.",

    // The issuer
    issuerDiffers: (came: string, expected: string): string =>
        `\`issuer\` is ${came}, not "${expected}". AWS compares them exactly.`,
    withSlash: "(with a trailing slash)",
    dnsUnknown: (host: string): string => `"${host}" is not found by DNS`,
    endedEarly: "ended before the announced length",
    notHttp: "is not an HTTP response",
    inCircle: "is redirected in a loop",
    notPublicKey: (members: string): string =>
        `is not a public key: it has ${members}. Anyone who has this key can sign a token for any job.`,
    emptyJwks: "The JWKS is empty.",

    // Lines that a job prints
    lacksIdTokens: "the job lacks the id_tokens that this script needs",
    overridden: "a CI/CD variable with this name overrides it. Rename or delete that variable",
    setToRole: "set it to the ARN of the role. Is it a protected or environment-scoped variable?",
    notAnArn: "is not the whole ARN of a role. Is it a protected or environment-scoped variable?",
} as const;
