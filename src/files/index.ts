export { type FileEditor, createFileEditor } from "./edit-files.ts";
export { readCluster } from "./read-cluster.ts";
export { writeSnapshot } from "./write-snapshot.ts";
