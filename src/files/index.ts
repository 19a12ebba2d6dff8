export { CONFIG_NAME, findConfig } from "./find-config.ts";
export { type ReadYamlFile, checkItems, readChecked, readYamlFile } from "./read-config.ts";
export { type FileEditor, createFileEditor } from "./edit-files.ts";
export { readCluster } from "./read-cluster.ts";
export { readTree } from "./read-tree.ts";
export { writeSnapshot } from "./write-snapshot.ts";
