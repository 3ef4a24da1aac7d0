import type { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { optionOf, type Given } from "./given";

/** A repository of private ECR, also in a registry whose account or region is a CI/CD variable. */
const PRIVATE_ECR = /^[^/]*\.dkr[.-]ecr(?:-fips)?\.[^/]+\//;

/** Warns of an image that the runner cannot pull with the credentials of the role, because the job does not run yet. */
export function checkPrivateImage(given: Given, findings: Findings): void {
    const image = optionOf("image", given);
    if (image?.value !== undefined && PRIVATE_ECR.test(image.value)) {
        findings.add(
            "ci-private-image",
            image.at,
            `${quote(image.value)} is in a private ECR registry. The runner pulls the image before the job runs, so before the job has the role.`,
            "Let the runner pull it: install the ECR credential helper on the runner, or set the CI/CD variable `DOCKER_AUTH_CONFIG`. Or use an image of a public registry.",
        );
    }
}
