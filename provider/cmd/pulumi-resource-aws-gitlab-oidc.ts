import { main } from "@pulumi/pulumi/provider";
import { provider } from "../provider";
import { endWithParent } from "./end-with-parent";

endWithParent();

void main(provider, process.argv.slice(2));
