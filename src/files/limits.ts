/** Bytes of a YAML file. js-yaml takes about ten bytes of memory and 40 ns for each; no hand-written file and no chart is near this, dumps belong into JSON. */
export const MAX_YAML_BYTES: number = 32 * 1024 * 1024;

/** Bytes of a JSON file that is one value. It is parsed from one string, and V8's strings end at 512 MB; a larger dump is read as a snapshot. */
export const MAX_JSON_BYTES: number = 256 * 1024 * 1024;

/** Bytes of one line of newline-delimited JSON. etcd stores objects of at most 1.5 MB. Stops a gzip bomb without line ends. */
export const MAX_LINE_BYTES: number = 16 * 1024 * 1024;

/** Lines of one file: 50 times the largest cluster that Kubernetes supports (150,000 pods). Stops a gzip bomb of line ends. */
export const MAX_LINES: number = 8_000_000;

/** Documents of a YAML file or values of a JSON file. 32 MB hold 26,000 small manifests. */
export const MAX_DOCUMENTS: number = 100_000;

/** Nesting of one document; the API's deepest types (CustomResourceDefinitions) have about 40 levels. */
export const MAX_DEPTH: number = 100;

/** Aliases of one YAML document. Each is cheap to load; what they unfold to is bounded by MAX_ALIASED_NODES. */
export const MAX_ALIASES: number = 10_000;

/** Values of a YAML document with its aliases unfolded. Nine lines of aliases can mean a billion. */
export const MAX_ALIASED_NODES: number = 100_000;

/** Bytes of the files of one tree (a git revision): they are all in memory at once, as a revision has no files to read again. */
export const MAX_TREE_BYTES: number = 256 * 1024 * 1024;
