import { componentProviderHost } from "@pulumi/pulumi/provider/experimental";
import { GitLabAccess } from "./gitlab-access";

componentProviderHost({ name: "bench", components: [GitLabAccess] });
