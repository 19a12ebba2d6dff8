export { type ReadCluster, type ReadClusterOptions, readCluster } from "./read-cluster.ts";
export {
  type WriteSnapshotOptions,
  type WrittenSnapshot,
  writeSnapshot,
} from "./write-snapshot.ts";
