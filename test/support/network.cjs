// For processes that a test starts with NODE_OPTIONS: an internet with the hosts of TEST_NETWORK, whose addresses are public
// and whose servers are on this machine, and in which the authority in TEST_AUTHORITY is publicly trusted.
"use strict";
/* eslint-disable @typescript-eslint/no-require-imports, no-undef */

const Module = require("node:module");

const PUBLIC_ADDRESS = "1.1.1.1";

/** Ports of this machine by host. */
const hosts = JSON.parse(process.env.TEST_NETWORK);
const [port] = Object.values(hosts);

const stand = {
    "node:dns/promises": (dns) => ({
        ...dns,
        lookup: async (host, options) => {
            if (!(host in hosts)) {
                throw Object.assign(new Error(`no ${host} in this network`), { code: "ENOTFOUND" });
            }
            return options.all ? [{ address: PUBLIC_ADDRESS, family: 4 }] : { address: PUBLIC_ADDRESS, family: 4 };
        },
    }),
    "node:net": (net) => ({
        ...net,
        connect: (target, ...rest) =>
            target?.host === PUBLIC_ADDRESS
                ? net.connect({ ...target, host: "127.0.0.1", port }, ...rest)
                : net.connect(target, ...rest),
    }),
    "node:tls": (tls) => ({ ...tls, rootCertificates: [...tls.rootCertificates, process.env.TEST_AUTHORITY] }),
};

const load = Module.prototype.require;
Module.prototype.require = function (id) {
    const loaded = load.call(this, id);
    return Object.hasOwn(stand, id) ? stand[id](loaded) : loaded;
};
