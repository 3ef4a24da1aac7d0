import { distribution } from "./cloudfront-distribution";
import { originAccessControl } from "./cloudfront-origin-access-control";
import { Handler } from "./handler";

export const handlers: Readonly<Record<string, Handler>> = {
    "aws:cloudfront/distribution:Distribution": distribution,
    "aws:cloudfront/originAccessControl:OriginAccessControl": originAccessControl,
};
