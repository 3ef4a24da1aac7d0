type Json = Readonly<Record<string, unknown>>;

/** A request to the instance that the real provider would use: GITLAB_BASE_URL and GITLAB_TOKEN. Node.js trusts the CA in NODE_EXTRA_CA_CERTS. */
export async function api(method: string, path: string, body?: Json): Promise<Json> {
    const base = process.env["GITLAB_BASE_URL"];
    const token = process.env["GITLAB_TOKEN"];
    if (base === undefined || token === undefined) {
        throw new Error("the offline gitlab provider requires GITLAB_BASE_URL and GITLAB_TOKEN");
    }
    const response = await fetch(`${base.replace(/\/$/, "")}/${path}`, {
        method,
        headers: { "private-token": token, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
        throw new Error(`${method} ${path}: GitLab responds with status ${String(response.status)}: ${text}`);
    }
    return text === "" ? {} : (JSON.parse(text) as Json);
}
