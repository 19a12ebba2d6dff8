export { readCluster } from "./read-cluster.ts";
export { writeSnapshot } from "./write-snapshot.ts";
