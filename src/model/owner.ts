import { isUsableName } from "./label-syntax.ts";
import { type Raw, isRaw, objectsAt, textAt } from "./raw.ts";

/** An owner by kind and name, in the namespace of what it owns. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** The owner that an object's metadata names: the controller, else the first. A reference to a Node (a static pod's) or without kind or name is none. */
export function ownerOf(metadata: Raw): Owner | undefined {
  if (!Array.isArray(metadata["ownerReferences"])) return undefined;
  const references = objectsAt(metadata, "ownerReferences");
  const chosen = references.find((one) => one["controller"] === true) ?? references[0];
  if (!isRaw(chosen)) return undefined;
  const kind = textAt(chosen, "kind");
  const name = textAt(chosen, "name");
  if (kind === undefined || name === undefined || kind === "Node") return undefined;
  return isUsableOwner(kind, name) ? { kind, name } : undefined;
}

/** Whether kind and name can stand in an id. What cannot is told by `checkMetadata`. */
export function isUsableOwner(kind: string, name: string): boolean {
  return /^[A-Za-z0-9]+$/u.test(kind) && isUsableName(name);
}
