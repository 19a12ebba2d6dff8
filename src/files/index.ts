export { type ReadCluster, readCluster } from "./read-cluster.ts";
export { type WrittenSnapshot, writeSnapshot } from "./write-snapshot.ts";
