/** The publications that describe the paths. */
const SOURCES = {
    rhino: "Rhino Security Labs, “AWS IAM Privilege Escalation – Methods and Mitigation”",
    prowler: "Prowler, privilege_escalation.py",
    pathfinding: "Datadog, pathfinding.cloud",
    hacktricks: "HackTricks Cloud, “AWS - Privilege Escalation”",
};

/** The resource that a step needs. */
export type StepTarget =
    /** Any resource of the service: the caller creates it, with a name that the policy allows. */
    | { readonly kind: "own choice" }
    /** One resource for all steps of the path. Any will do, because the path makes it an administrator. */
    | { readonly kind: "one"; readonly service: string; readonly type: string }
    /** An existing resource, which may be any of its type. Access to some named ones is not enough. */
    | { readonly kind: "any"; readonly service: string; readonly type: string };

/** One action that a path needs. */
export interface Step {
    readonly action: string;
    /** The action in lower case. */
    readonly key: string;
    readonly target: StepTarget;
    /** The service that the role is passed to: `lambda.amazonaws.com`. */
    readonly passedTo?: string;
}

/** Actions that together give the caller the permissions of another identity, or any permissions. */
export interface EscalationPath {
    /** The actions, joined by ` + `. */
    readonly name: string;
    readonly steps: readonly Step[];
    readonly source: string;
    /** Whether the path changes IAM users, groups, roles or policies. */
    readonly changesIam: boolean;
    /** Whether the path also works if the role may only change itself or a policy that is attached to it. */
    readonly onSelf: boolean;
}

type Source = keyof typeof SOURCES;

function step(action: string, target: StepTarget): Step {
    return { action, key: action.toLowerCase(), target };
}

/** The caller changes any IAM identity or policy of a type. */
function change(source: Source, type: "user" | "group" | "role" | "policy", action: string): EscalationPath {
    const target: StepTarget = { kind: "any", service: "iam", type: `${type}/` };
    return {
        name: `iam:${action}`,
        steps: [step(`iam:${action}`, target)],
        source: SOURCES[source],
        changesIam: true,
        onSelf: false,
    };
}

function onSelf(path: EscalationPath): EscalationPath {
    return { ...path, onSelf: true };
}

/** The caller turns one identity into an administrator and gets access to it. */
function turn(source: Source, type: "user" | "role", ...actions: string[]): EscalationPath {
    const target: StepTarget = { kind: "one", service: "iam", type: `${type}/` };
    return {
        name: actions.join(" + "),
        steps: actions.map((action) => step(action, target)),
        source: SOURCES[source],
        changesIam: true,
        onSelf: false,
    };
}

/** The caller passes a role to a service, which runs the caller's code with it. */
function pass(source: Source, passedTo: string, ...actions: string[]): EscalationPath {
    const role: StepTarget = { kind: "any", service: "iam", type: "role/" };
    return {
        name: ["iam:PassRole", ...actions].join(" + "),
        steps: [
            { ...step("iam:PassRole", role), passedTo: `${passedTo}.amazonaws.com` },
            ...actions.map((action) => step(action, { kind: "own choice" })),
        ],
        source: SOURCES[source],
        changesIam: false,
        onSelf: false,
    };
}

/** The caller changes the code of something that already runs with a role. */
function takeOver(source: Source, type: string, ...actions: string[]): EscalationPath {
    const service = actions[0]!.slice(0, actions[0]!.indexOf(":"));
    const target: StepTarget = { kind: "any", service: ARN_SERVICES[service] ?? service, type };
    return {
        name: actions.join(" + "),
        steps: actions.map((action) => step(action, target)),
        source: SOURCES[source],
        changesIam: false,
        onSelf: false,
    };
}

/** Services whose actions are about another service's resources. */
const ARN_SERVICES: Readonly<Record<string, string>> = { ssm: "ec2", "ec2-instance-connect": "ec2" };

/** The published escalation paths. `sts:AssumeRole` is not in the list, because it also depends on the trust policies of other roles: see `Chains`. */
export const ESCALATION_PATHS: readonly EscalationPath[] = [
    onSelf(change("rhino", "policy", "CreatePolicyVersion")),
    onSelf(change("rhino", "policy", "SetDefaultPolicyVersion")),
    onSelf(change("rhino", "role", "AttachRolePolicy")),
    onSelf(change("rhino", "role", "PutRolePolicy")),
    change("rhino", "user", "AttachUserPolicy"),
    change("rhino", "user", "PutUserPolicy"),
    change("rhino", "group", "AttachGroupPolicy"),
    change("rhino", "group", "PutGroupPolicy"),
    change("rhino", "group", "AddUserToGroup"),
    change("rhino", "role", "UpdateAssumeRolePolicy"),
    change("rhino", "user", "CreateAccessKey"),
    change("rhino", "user", "CreateLoginProfile"),
    change("rhino", "user", "UpdateLoginProfile"),

    turn("prowler", "role", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"),
    turn("prowler", "role", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"),
    turn("hacktricks", "role", "iam:CreateRole", "iam:PutRolePolicy"),
    turn("hacktricks", "role", "iam:CreateRole", "iam:AttachRolePolicy"),
    turn("prowler", "user", "iam:PutUserPolicy", "iam:CreateAccessKey"),
    turn("prowler", "user", "iam:AttachUserPolicy", "iam:CreateAccessKey"),

    pass("rhino", "ec2", "ec2:RunInstances"),
    pass("prowler", "ec2", "ec2:RequestSpotInstances"),
    pass("prowler", "ec2", "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"),
    pass("prowler", "ec2", "autoscaling:CreateLaunchConfiguration", "autoscaling:UpdateAutoScalingGroup"),
    pass("rhino", "lambda", "lambda:CreateFunction", "lambda:InvokeFunction"),
    pass("rhino", "lambda", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    pass("prowler", "lambda", "lambda:CreateFunction", "lambda:AddPermission"),
    pass("rhino", "glue", "glue:CreateDevEndpoint"),
    pass("prowler", "glue", "glue:CreateJob", "glue:StartJobRun"),
    pass("prowler", "glue", "glue:CreateJob", "glue:CreateTrigger"),
    pass("prowler", "glue", "glue:UpdateJob", "glue:StartJobRun"),
    pass("prowler", "glue", "glue:UpdateJob", "glue:CreateTrigger"),
    pass("rhino", "cloudformation", "cloudformation:CreateStack"),
    pass("prowler", "cloudformation", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
    pass("prowler", "cloudformation", "cloudformation:UpdateStackSet"),
    pass(
        "rhino",
        "datapipeline",
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
        "datapipeline:ActivatePipeline",
    ),
    pass("prowler", "codebuild", "codebuild:CreateProject", "codebuild:StartBuild"),
    pass("prowler", "codebuild", "codebuild:CreateProject", "codebuild:StartBuildBatch"),
    pass("prowler", "codestar", "codestar:CreateProject"),
    pass("prowler", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    pass("prowler", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    pass("prowler", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    pass("prowler", "ecs-tasks", "ecs:RunTask"),
    pass("pathfinding", "ecs-tasks", "ecs:StartTask"),
    pass("pathfinding", "ecs-tasks", "batch:RegisterJobDefinition", "batch:SubmitJob"),
    pass("rhino", "sagemaker", "sagemaker:CreateNotebookInstance"),
    pass("prowler", "sagemaker", "sagemaker:CreateTrainingJob"),
    pass("prowler", "sagemaker", "sagemaker:CreateProcessingJob"),
    pass("prowler", "tasks.apprunner", "apprunner:CreateService"),
    pass(
        "prowler",
        "bedrock-agentcore",
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    pass("pathfinding", "ssm", "ssm:CreateDocument", "ssm:StartAutomationExecution"),
    pass("hacktricks", "ec2", "elasticmapreduce:RunJobFlow"),
    pass("hacktricks", "states", "states:CreateStateMachine", "states:StartExecution"),

    takeOver("rhino", "function:", "lambda:UpdateFunctionCode"),
    takeOver("rhino", "function:", "lambda:UpdateFunctionConfiguration"),
    takeOver("rhino", "devEndpoint/", "glue:UpdateDevEndpoint"),
    takeOver("prowler", "stack/", "cloudformation:UpdateStack"),
    takeOver("prowler", "stack/", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    takeOver("prowler", "project/", "codebuild:StartBuild"),
    takeOver("prowler", "project/", "codebuild:StartBuildBatch"),
    takeOver("prowler", "task/", "ecs:ExecuteCommand", "ecs:DescribeTasks"),
    takeOver("prowler", "service/", "apprunner:UpdateService"),
    takeOver("rhino", "notebook-instance/", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    takeOver(
        "prowler",
        "notebook-instance/",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:StopNotebookInstance",
        "sagemaker:StartNotebookInstance",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
    ),
    takeOver(
        "prowler",
        "code-interpreter-custom/",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    takeOver("prowler", "instance/", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
    takeOver("prowler", "launch-template/", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
    takeOver("prowler", "instance/", "ec2-instance-connect:SendSSHPublicKey"),
    takeOver("prowler", "instance/", "ssm:StartSession"),
    takeOver("prowler", "instance/", "ssm:SendCommand"),
];
