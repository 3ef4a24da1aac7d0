/** How the names of a partition's regions begin, and one of them that has an STS. */
const PARTITIONS: Readonly<Record<string, { readonly prefix: string; readonly region: string }>> = {
    "aws-cn": { prefix: "cn-", region: "cn-north-1" },
    "aws-us-gov": { prefix: "us-gov-", region: "us-gov-west-1" },
    "aws-eusc": { prefix: "eusc-", region: "eusc-de-east-1" },
    "aws-iso": { prefix: "us-iso-", region: "us-iso-east-1" },
    "aws-iso-b": { prefix: "us-isob-", region: "us-isob-east-1" },
    "aws-iso-e": { prefix: "eu-isoe-", region: "eu-isoe-west-1" },
    "aws-iso-f": { prefix: "us-isof-", region: "us-isof-south-1" },
};

/** The shape of a region's name, for regular expressions of GitLab as well. */
export const REGION = "[a-z]{2,5}(?:-[a-z]+){1,2}-[0-9]{1,2}";

export function isRegion(text: string): boolean {
    return new RegExp(`^${REGION}$`).test(text);
}

/** The partition that a region is in. */
export function partitionOfRegion(region: string): string {
    return Object.entries(PARTITIONS).find(([, { prefix }]) => region.startsWith(prefix))?.[0] ?? "aws";
}

/** A region of the partition, for an example. */
export function regionIn(partition: string): string {
    return PARTITIONS[partition]?.region ?? "eu-central-1";
}

/** Shell lines that set the region, which is a shell word. */
export function regionLines(region: string): readonly string[] {
    return [`export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`];
}

/** Shell lines for a job without a region of its own: STS is found by the region, and by default in the partition `aws`. */
export function partitionLines(partition: string): readonly string[] {
    const other = PARTITIONS[partition];
    return other === undefined
        ? []
        : [
              "AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION-}}",
              `case $AWS_REGION in ${other.prefix}*) ;; *) AWS_REGION=${other.region} ;; esac # STS of ${partition}`,
              "AWS_DEFAULT_REGION=$AWS_REGION",
              "export AWS_REGION AWS_DEFAULT_REGION",
          ];
}
