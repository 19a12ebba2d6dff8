import { writtenKind } from "./dialect-kinds.ts";
import { type ReadKind, isClusterScoped } from "./kinds.ts";
import { faultsOfLabels, isName, isUsableName } from "./label-syntax.ts";
import type { Path } from "./origin.ts";
import { isUsableOwner } from "./owner.ts";
import { type Notes, type Raw, isRaw, objectAt, objectsAt, shown, textAt } from "./raw.ts";

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
    notes.error(
      ["metadata"],
      `${writtenKind(kind)} without \`metadata\`: it needs \`metadata.name\``,
    );
    return undefined;
  }
  const name = textAt(metadata, "name");
  const text = name ?? textAt(metadata, "generateName");
  if (text === undefined) {
    const given = metadata["name"] ?? undefined;
    const what = given === undefined ? "has no `metadata.name`" : `is named ${shown(given)}`;
    const quotes = typeof given === "string" || given === undefined ? "" : ", put it in quotes";
    notes.error(
      ["metadata", "name"],
      `${writtenKind(kind)} ${what}: its name must be text${quotes}`,
    );
    return undefined;
  }
  const generated = name === undefined;
  const rule = kind === "Namespace" || kind === "Service" ? LABEL : SUBDOMAIN;
  const full = generated ? `${text}x` : text;
  if (!checkName(text, full, { path: ["metadata", "name"], notes, rule })) {
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
    notes.error(path, `the namespace is ${shown(given)}: it must be text, put it in quotes`);
    return undefined;
  }
  return checkName(given, given, { path, notes, rule: LABEL }) ? given : undefined;
}

/** Whether a name can be used; says so if the API would not take it. Published examples have names such as `my_policy`: nobody takes them for something else, so they are used. `full` is the name as it will be. */
function checkName(
  name: string,
  full: string,
  { path, notes, rule }: { path: Path; notes: Notes; rule: NameRule },
): boolean {
  if (rule.accepts(full)) return true;
  const text = `the name ${shown(name)} is invalid: ${rule.text}`;
  if (isUsableName(full)) notes.warning(path, text);
  else notes.error(path, text);
  return isUsableName(full);
}

interface NameRule {
  readonly accepts: (name: string) => boolean;
  readonly text: string;
}

const SUBDOMAIN: NameRule = {
  accepts: isName,
  text: "lower case letters, digits, `-` and `.` only, at most 253",
};
const LABEL: NameRule = {
  accepts: (name) => isName(name) && name.length <= 63 && !name.includes("."),
  text: "lower case letters, digits and `-` only, at most 63",
};

/** Says what is wrong with the owners of an object, and with its labels where its reader does not: a pod's, a node's and a namespace's are read. */
export function checkMetadata(raw: Raw, kind: ReadKind, notes: Notes): void {
  const metadata = objectAt(raw, "metadata");
  for (const [index, owner] of objectsAt(metadata, "ownerReferences").entries()) {
    const { kind: ownerKind, name } = owner as { kind?: unknown; name?: unknown };
    if (typeof ownerKind !== "string" || typeof name !== "string") continue;
    if (isUsableOwner(ownerKind, name)) continue;
    const text = `${shown(`${ownerKind}/${name}`)} can be no owner: it is passed over`;
    notes.warning(["metadata", "ownerReferences", index], text);
  }
  if (READ_LABELS.has(kind)) return;
  const { labels } = metadata as { labels?: unknown };
  for (const { key, text } of faultsOfLabels(labels)) {
    notes.error(key === "" ? ["metadata", "labels"] : ["metadata", "labels", key], text);
  }
}

const READ_LABELS: ReadonlySet<ReadKind> = new Set(["Pod", "Node", "Namespace", "ServiceAccount"]);
