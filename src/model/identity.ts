import { type ReadKind, isClusterScoped } from "./kinds.ts";
import { isName, isUsableName } from "./label-syntax.ts";
import type { Path } from "./origin.ts";
import { type Notes, type Raw, isRaw, shown, textAt } from "./raw.ts";

/** What an object is called. `namespace` is empty for a cluster-scoped kind; a generated name is only the beginning of the later one. */
export interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly generated: boolean;
}

/** The name and namespace of an object, with the API server's default namespace; nothing, and an error, if it has no usable name. */
export function identify(raw: Raw, kind: ReadKind, notes: Notes): Identity | undefined {
  const metadata = raw["metadata"];
  if (!isRaw(metadata)) {
    notes.error(["metadata"], `${kind} without \`metadata\`: it needs \`metadata.name\``);
    return undefined;
  }
  const name = textAt(metadata, "name");
  const text = name ?? textAt(metadata, "generateName");
  if (text === undefined) {
    const given = metadata["name"] ?? undefined;
    const what = given === undefined ? "has no `metadata.name`" : `is named ${shown(given)}`;
    notes.error(["metadata", "name"], `${kind} ${what}: its name must be text`);
    return undefined;
  }
  const generated = name === undefined;
  if (!checkName(text, generated ? `${text}x` : text, { path: ["metadata", "name"], notes })) {
    return undefined;
  }
  if (isClusterScoped(kind)) return { namespace: "", name: text, generated };
  const namespace = readNamespaceName(metadata, notes);
  return namespace === undefined ? undefined : { namespace, name: text, generated };
}

function readNamespaceName(metadata: Raw, notes: Notes): string | undefined {
  const given = metadata["namespace"] ?? "";
  if (given === "") return "default";
  const path = ["metadata", "namespace"];
  if (typeof given !== "string") {
    notes.error(path, `the namespace is ${shown(given)}: it must be text`);
    return undefined;
  }
  return checkName(given, given, { path, notes }) ? given : undefined;
}

/** Whether a name can be used; says so if the API would not take it. `full` is the name as it will be. */
function checkName(
  name: string,
  full: string,
  { path, notes }: { path: Path; notes: Notes },
): boolean {
  if (isName(full)) return true;
  const text = `the name ${shown(name)} is invalid: lower case letters, digits, \`-\` and \`.\` only`;
  if (isUsableName(full)) notes.warning(path, text);
  else notes.error(path, text);
  return isUsableName(full);
}
