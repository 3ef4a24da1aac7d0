import { endWithParent } from "../provider/cmd/end-with-parent";
import { packageJson } from "../provider/contract/schema";
import { serve } from "./server";

endWithParent();

serve({ name: "pulumi-aws-gitlab-oidc-policy", version: packageJson().version });
