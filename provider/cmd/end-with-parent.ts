/** Ends this process soon after its parent ended. Pulumi's engine ends its plugins, unless it is killed itself. */
export function endWithParent(): void {
    // A process that has lost its parent gets another one.
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid !== parent) {
            process.exit();
        }
    }, 1000).unref();
}
