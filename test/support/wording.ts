/**
 * Sentences of findings, explanations and documents that more than one test reads, each in this one line. They are written by
 * hand: a test that took them from `provider/` would only say that the code agrees with itself.
 */
export const SAYS = {
    // Documents, and the files that they are in
    jsonNotObject: "is JSON, but not an object",
    jsonWebPage: "is not JSON, but looks like a web page",
    jsonByteOrderMark: "begins with a byte order mark, which JSON does not allow",
    jsonLacks: (kind: string): string => `contains a ${kind}, which JSON does not have`,
    policyAsJson: 'Give { "Version": "2012-10-17", "Statement": [...] }, as JSON text or as an object.',
    noStatement: "The trust policy has no `Statement`.",
    severalPolicies: (count: string, roles: string): string => `There are ${count} trust policies, those of ${roles}.`,
    giveOneRole: (role: string): string =>
        `Give one role, for example the output of: aws iam get-role --role-name ${role}`,
    notGitLab: (provider: string): string => `Its identity provider is not a GitLab instance: ${provider}.`,
    bothFromInput: (first: string, second: string): string =>
        `--${first} and --${second} both read standard input. Give one of them as a file.`,

    // Paths, refs and the sub claim
    reservedSuffix: (path: string, segment: string): string =>
        `"${path}" has the segment "${segment}", and GitLab allows none that ends in ".git" or ".atom".`,
    segmentWildcard: (path: string, segment: string): string =>
        `"${path}" has the wildcard segment "${segment}": \`mygroup/app*\` also matches \`mygroup/app-evil\`, and \`*\` crosses \`/\`.`,
    fullRef: (ref: string): string => `"${ref}" is a full ref: the \`sub\` claim has the short name.`,
    shortName: (kind: string, command: string): string =>
        `Write the short name of the ${kind} as \`git ${command}\` lists it.`,
    addressBar: (path: string): string => `Write the path as it stands in GitLab's address bar: "${path}".`,
    componentWildcard: (sub: string, wildcard: string): string =>
        `"${sub}" has the wildcard "${wildcard}" where the name of a component belongs.`,
    asGitLab: (sub: string): string => `Write it as GitLab does: "${sub}".`,
    standsFor: (values: string): string => `Write the values that it stands for: ${values}.`,
    longSub: (length: string): string =>
        `The sub claim has ${length} characters, and AWS does not document that STS takes more than 255.`,
    leadWithId: "Let the project's sub claim lead with `project_id`, which is shorter.",
    notLatin1: (text: string, code: string): string =>
        `"${text}" has the character U+${code}, which IAM does not store in a policy.`,
    writeLatin1: "Write it in printable Latin-1; in a branch or tag the pattern `?` stands for that character.",
    caseShown: "Write both in the case that GitLab shows.",
    noSuchKey: (key: string, issuer: string): string => `"${key}" is no key of the issuer "${issuer}".`,

    // Condition keys and operators
    keysBegin: (issuer: string): string =>
        `Keys of the ID token begin with "${issuer}:", the provider's url without https://.`,
    gitlabComKey: (key: string): string =>
        `"${key}" is a condition key for gitlab.com only: on this issuer it would never be met.`,
    leaveOutKey:
        "Leave it out; what the `sub` claim can carry is the project's setting `ci_id_token_sub_claim_components`.",
    notSignedIn: (key: string): string =>
        `"${key}" is not in the request when a job exchanges its ID token, because nobody is signed in yet: the condition would never be met.`,
    whoMayCall: "Leave it out: who may call is said by the `sub` claim.",
    notLookedAt: (key: string): string => `"${key}" is a claim that AWS does not look at.`,
    keysAre: (keys: string): string => `Keys are ${keys}; the name of an environment cannot be checked at all.`,
    forAllValues: "`ForAllValues` is met where the key is missing altogether.",
    notText: (operator: string, key: string): string =>
        `"${operator}" does not compare text, and all values of "${key}" are text: AWS does not document whether it would ever be met.`,
    ifExists: (operator: string): string => `"${operator}" is met where the key is missing.`,
    writeAction: 'Write "Action": "sts:AssumeRoleWithWebIdentity".',
    policyVariable: (value: string): string => `"${value}" has a policy variable.`,
    writeValue: "Write the value itself; a dollar sign before a brace is `${$}`.",
    idWildcard: (id: string): string => `"${id}" has a wildcard: \`20*\` also matches project 2099.`,
    notAnId: (id: string): string => `"${id}" is not a numeric project id.`,
    writeId: "Write the number that GitLab shows on the project's page, without wildcards.",
    notBoolean: (value: string): string => `"${value}" is neither true nor false.`,
    nameOnly: "Names and addresses can pass to somebody else; the numeric id cannot.",
    namespaceOnly: "The namespace says who owns the project, not which project it is.",
    subjectAsAudience: (sub: string): string => `"${sub}" is a subject, not an audience: no token has it as \`aud\`.`,
    audienceAsSubject: (value: string, what: string): string =>
        `"${value}" is ${what}, not a subject: no token has it as \`sub\`.`,

    // Who is admitted
    groupWide: (group: string): string =>
        `Every project below "${group}" is admitted, nested ones and future ones too: whoever can make a project there gets the role.`,
    anyBranch:
        "Every branch is admitted, and with it merge requests from the same project: whoever can push any branch gets the role.",
    unprotectedBranch: (pattern: string): string =>
        `Whoever may push a branch that matches "${pattern}" gets the role, unless such branches are protected in GitLab.`,
    unprotectedTag: "Whoever may push a tag gets the role, unless such tags are protected in GitLab.",
    pathOnly: "A path can be registered again by somebody else after the project is deleted, renamed or moved.",
    addNumericId: (how: string): string => `Add the project's numeric id: ${how}.`,
    notTested: (key: string): string =>
        `does not test "${key}": every job of every project on the instance gets the role.`,
    everyJob: (sub: string): string => `"${sub}" admits every job of every project on the instance.`,
    eachProject: (all: string): string => `Write the whole path of each project, or "${all}" for all of the group.`,
    eachProjectBelow: (sub: string): string => `Write "${sub}" for each project.`,
    orProtectBranches: (how: string): string =>
        `Write "…:ref_type:branch:ref:main", or protect the branches and ${how}.`,
    nameBranch: (how: string): string => `Name the branch, or protect the branches and ${how}.`,
    protectTags: (how: string): string => `Protect the tags and ${how}.`,
    endProtected: "let the project's sub claim end with `ref_protected:true` (GitLab 18.7)",
    notProviderArn: (arn: string): string => `"${arn}" is not the ARN of an IAM OIDC identity provider.`,
    likeProviderArn: (issuer: string): string => `It looks like "arn:aws:iam::111122223333:oidc-provider/${issuer}".`,
    withoutWhiteSpace: (size: string): string => `The trust policy has ${size} characters without white space`,
    roleQuota: 'the quota "Role trust policy length", unless yours was raised',
    notManagedPolicy: (arn: string): string => `"${arn}" is not the ARN of a managed policy.`,

    // The ID token
    issuerMissing: "The claim `iss` is missing or not a string. Give the token's claims as GitLab made them.",
    tokenLength: (length: string): string => `The token has ${length} characters: STS takes 4 to 20000.`,
    tokenParts: "The token is not a signed JSON web token: three parts in base64url with dots between them.",
    otherAlgorithm: (algorithm: string): string => `The token's algorithm is "${algorithm}": GitLab signs with RS256.`,
    expired: (seconds: string): string => `The token expired ${seconds} s ago: it lives as long as its job may run.`,
    notYet: (seconds: string): string => `The token is not valid for another ${seconds} s.`,
    noClaim: (claim: string): string => `The token has no claim \`${claim}\`.`,

    // Why AWS refuses a job
    notAuthorized:
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    issuerCompared: (issuer: string, url: string): string =>
        `The token's issuer is "${issuer}" and the provider's url "${url}": they are compared exactly.`,
    otherIssuer: (issuer: string, trusted: string): string =>
        `The token was issued by "${issuer}", the statement trusts ${trusted}.`,
    otherAction: (actions: string): string => `The statement is about ${actions}, not sts:AssumeRoleWithWebIdentity.`,
    otherCase: (came: string, expected: string): string =>
        `"${came}" differs from "${expected}" in capital letters only, and the comparison is exact.`,
    takenLiterally: (operator: string, wildcard: string, value: string): string =>
        `${operator} takes the \`${wildcard}\` in "${value}" literally.`,
    otherComponents: (came: string, expected: string): string =>
        `The sub claim is made of ${came}, the role expects ${expected}.`,
    declareComponents:
        "Declare the project's setting `ci_id_token_sub_claim_components` with `subClaimComponents`, or change that setting.",
    otherProject: (project: string, admitted: string): string =>
        `The job is one of project "${project}", the role admits ${admitted}.`,
    addProject: (project: string): string => `Add a subject with project: "${project}", if it should have the role.`,
    otherProjectId: (id: string, admitted: string): string =>
        `The job is one of the project with id "${id}", the role admits ${admitted}.`,
    addProjectId: (id: string): string => `Add a subject with projectId: "${id}", if it should have the role.`,
    otherAudience: (audience: string, admitted: string): string =>
        `The job asked for the audience "${audience}", the role admits ${admitted}.`,
    onTag: (tag: string): string => `The job ran on tag ${tag}, the role admits branches only.`,
    onBranch: (branch: string): string => `The job ran on branch ${branch}, the role admits tags only.`,
    otherRef: (kind: string, ref: string, admitted: string): string =>
        `The job ran on ${kind} "${ref}", the role admits ${admitted}.`,
    addKind: (kind: string, other: string): string => `Add a subject with \`${kind}\`, or run the job on a ${other}.`,
    runThere: (rule: string, kind: string, name: string): string =>
        `Run the job there (\`rules: - if: ${rule}\`), or add a subject with ${kind}: "${name}".`,
    noRefType: (value: string, refType: string): string =>
        `"${value}" matches no job: there is no ref_type "${refType}", only branch and tag, and a merge request's is branch.`,
    writeForJob: (sub: string): string => `Write "${sub}" for this job.`,
    shortRef: "Write the short name of the ref: the sub claim has it without refs/heads/ and refs/tags/.",
    otherClaim: (claim: string, came: string, admitted: string): string =>
        `The job's ${claim} is "${came}", the role admits ${admitted}.`,
    addSubject: "Run the job as the role expects, or add a subject for it.",
    changeCondition: "Run the job as the role expects, or change the condition.",

    // The issuer
    issuerDiffers: (came: string, expected: string): string =>
        `\`issuer\` is ${came}, not "${expected}": they are compared exactly.`,
    withSlash: "(with a slash at its end)",
    dnsUnknown: (host: string): string => `"${host}" is not found by DNS`,
    endedEarly: "ended before its length was reached",
    notHttp: "is not an answer of HTTP",
    inCircle: "is redirected in a circle",
    notPublicKey: (members: string): string =>
        `is not a public key: it has ${members}. Anyone who has read it can sign a token for any job.`,
    emptyJwks: "The JWKS is empty.",

    // What a job prints
    lacksIdTokens: "the job lacks the id_tokens that go with this script",
    overridden: "a CI/CD variable with this name overrides it. Rename or delete that variable",
    setToRole: "set it to the ARN of the role",
} as const;
