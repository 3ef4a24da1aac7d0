import { packageJson } from "../provider/contract/schema";
import { serve } from "./server";

serve({ name: "pulumi-aws-gitlab-oidc-policy", version: packageJson().version });
