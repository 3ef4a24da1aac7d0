import { checkIssuer } from "pulumi-aws-gitlab-oidc/issuer";
import { authority } from "../test/support/certificates";
import { ISSUER, startIssuer } from "../test/support/issuer-server";
import { rowOf, type Row } from "./row";
import { samplesOf, timed } from "./samples";

/** What the doctor takes for a good issuer on this machine, three measurements of each document included. */
export async function measureDoctor(): Promise<Row> {
    const server = await startIssuer();
    try {
        const certificateAuthorities = (await authority()).root.pem;
        const connectTo = `127.0.0.1:${String(server.port)}`;
        const values: number[] = [];
        for (let round = 0; round < 7; round += 1) {
            values.push(
                await timed(async () => {
                    const { ok } = await checkIssuer({ url: ISSUER, certificateAuthorities, connectTo });
                    if (!ok) {
                        throw new Error("the doctor finds fault with a good issuer");
                    }
                }),
            );
        }
        return rowOf({
            id: "doctor",
            what: "checkIssuer on a good issuer of this machine",
            peer: "2 s",
            unit: "ms",
            ours: samplesOf(values),
            theirs: samplesOf([2000]),
            bar: 1,
        });
    } finally {
        await server.close();
    }
}
