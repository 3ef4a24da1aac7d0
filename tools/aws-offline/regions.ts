import { Properties } from "./values";

const partitions: readonly [pattern: RegExp, partition: string, dnsSuffix: string, reverseDnsPrefix: string][] = [
    [/^cn-/, "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"],
    [/^us-gov-/, "aws-us-gov", "amazonaws.com", "com.amazonaws"],
    [/^eusc-/, "aws-eusc", "amazonaws.eu", "eu.amazonaws"],
    [/^us-iso-/, "aws-iso", "c2s.ic.gov", "gov.ic.c2s"],
    [/^us-isob-/, "aws-iso-b", "sc2s.sgov.gov", "gov.sgov.sc2s"],
    [/^eu-isoe-/, "aws-iso-e", "cloud.adc-e.uk", "uk.adc-e.cloud"],
    [/^us-isof-/, "aws-iso-f", "csp.hci.ic.gov", "gov.ic.hci.csp"],
    [/./, "aws", "amazonaws.com", "com.amazonaws"],
];

const descriptions: Readonly<Record<string, string>> = {
    "af-south-1": "Africa (Cape Town)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ca-central-1": "Canada (Central)",
    "cn-north-1": "China (Beijing)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-1": "Europe (Milan)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "sa-east-1": "South America (Sao Paulo)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
};

interface Partition {
    readonly partition: string;
    readonly dnsSuffix: string;
    readonly reverseDnsPrefix: string;
}

function partitionWhere(fits: (pattern: RegExp, partition: string) => boolean): Partition {
    const [, partition, dnsSuffix, reverseDnsPrefix] = partitions.find(([pattern, name]) => fits(pattern, name))!;
    return { partition, dnsSuffix, reverseDnsPrefix };
}

export function partitionOf(region: string): Partition {
    return partitionWhere((pattern) => pattern.test(region));
}

/** Of the partition that the caller's ARN has, whatever the region is; where the caller is not asked for, the region tells it. */
export function getPartition(region: string, callerArn: string | undefined): Properties {
    const own = callerArn?.split(":")[1];
    const found = own === undefined ? partitionOf(region) : partitionWhere((_, partition) => partition === own);
    return { id: found.partition, ...found };
}

export function getRegion(region: string): Properties {
    const description = descriptions[region];
    if (description === undefined) {
        throw new Error(`the offline aws provider of this repository has no description of the region ${region}`);
    }
    const endpoint = `ec2.${region}.${partitionOf(region).dnsSuffix}`;
    return { id: region, name: region, region, description, endpoint };
}
