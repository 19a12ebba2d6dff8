export { readCluster } from "./read-cluster.ts";
export { readTree } from "./read-tree.ts";
export { writeSnapshot } from "./write-snapshot.ts";
export { readDocument } from "./read-document.ts";
