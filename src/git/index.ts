export { type Revision, openRevision } from "./revision.ts";
