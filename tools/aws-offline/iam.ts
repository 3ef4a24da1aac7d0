import { Handler } from "./handler";
import { openIdConnectProvider } from "./iam-open-id-connect-provider";
import { policy } from "./iam-policy";
import { role } from "./iam-role";
import { rolePolicy } from "./iam-role-policy";
import { rolePolicyAttachment } from "./iam-role-policy-attachment";

export const handlers: Readonly<Record<string, Handler>> = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
    "aws:iam/policy:Policy": policy,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
};
