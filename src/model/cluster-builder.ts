import { type ClusterOptions, assembleCluster } from "./assemble-cluster.ts";
import type { Cluster, DuplicateObject, OtherObject, UnservedObject } from "./cluster.ts";
import { writtenKind } from "./dialect-kinds.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { type DiagnosticLog, createDiagnosticLog } from "./diagnostic-log.ts";
import { sameContent, sameObject, uniteNamespaces } from "./duplicates.ts";
import type { Fault } from "./fault.ts";
import { type Identity, checkMetadata, identify } from "./identity.ts";
import { type Interner, createInterner } from "./intern.ts";
import {
  type ReadKind,
  groupOf,
  isClusterScoped,
  isOtherClusterScoped,
  readingOf,
} from "./kinds.ts";
import { faultOfList, openLists } from "./list.ts";
import { type Parsed, parseObject } from "./object-reader.ts";
import type { Origin } from "./origin.ts";
import { type OwnAnnotations, ownAnnotationsOf, subjectOf } from "./own-annotations.ts";
import { ownerOf } from "./owner.ts";
import { type Raw, isRaw, objectAt, shown, textAt } from "./raw.ts";
import { withoutSecrets } from "./secret.ts";
import { checkShape } from "./shape.ts";
import type { Between } from "./workloads.ts";

/** Takes raw objects one after another and makes a Cluster of them. It keeps what it has read of an object, not the object. */
export interface ClusterBuilder {
  /** Reads one object, or all objects of a List. */
  add(raw: unknown, origin: Origin): void;
  /** Takes what the reading of files has to say. */
  report(diagnostic: Diagnostic): void;
  /** The cluster; call it once, at the end. */
  build(): Cluster;
}

/** A new builder without any object. */
export function createClusterBuilder(options: ClusterOptions = {}): ClusterBuilder {
  const collected: Collected = {
    options,
    log: createDiagnosticLog(),
    interner: createInterner(),
    entries: new Map(),
    others: new Map(),
    between: [],
    used: new Map(),
    unserved: [],
    duplicates: [],
    ownAnnotations: [],
    faults: [],
    objects: 0,
  };
  return {
    add(raw, origin) {
      for (const found of openLists(raw, origin)) addOne(collected, found.raw, found.origin);
    },
    report: (diagnostic) => collected.log.report(diagnostic),
    build: () =>
      assembleCluster({
        ...collected,
        entries: collected.entries.values(),
        others: [...collected.others.values()],
      }),
  };
}

interface Collected {
  readonly options: ClusterOptions;
  readonly log: DiagnosticLog;
  readonly interner: Interner;
  readonly entries: Map<string, Parsed>;
  readonly others: Map<string, OtherObject>;
  readonly between: Between[];
  readonly used: Map<string, Origin>;
  readonly unserved: UnservedObject[];
  readonly duplicates: DuplicateObject[];
  readonly ownAnnotations: OwnAnnotations[];
  readonly faults: Fault[];
  objects: number;
}

function addOne(into: Collected, raw: unknown, origin: Origin): void {
  into.objects++;
  const { log } = into;
  const fault = faultOfObject(raw);
  if (fault !== undefined || !isRaw(raw)) {
    log.say({ severity: "error", origin, path: [], text: fault ?? "", decides: true });
    return;
  }
  const { apiVersion, kind } = raw as { apiVersion?: unknown; kind?: unknown };
  const version = typeof apiVersion === "string" ? apiVersion : "";
  const reading = readingOf(version, typeof kind === "string" ? kind : "");
  if ("text" in reading) {
    const decides = reading.kind === "unread";
    const severity = decides ? "error" : "warning";
    log.say({ severity, origin, path: ["apiVersion"], text: reading.text, decides });
  }
  if ("current" in reading) addUnserved(into, raw, origin, reading.current);
  if ("as" in reading) addRead(into, raw, origin, reading.as);
  else addOther(into, raw, origin, "text" in reading);
}

/** Keeps what an object of a version that is not served is called. */
function addUnserved(into: Collected, raw: Raw, origin: Origin, current: string): void {
  const metadata = objectAt(raw, "metadata");
  const name = textAt(metadata, "name");
  const [apiVersion, kind] = [textAt(raw, "apiVersion"), textAt(raw, "kind")];
  if (name === undefined || apiVersion === undefined || kind === undefined) return;
  const scoped = isClusterScoped(kind as ReadKind);
  const namespace = scoped ? "" : (textAt(metadata, "namespace") ?? "default");
  into.unserved.push({ apiVersion, kind, namespace, name, current, origin });
}

/** Why something is no object at all, which kubectl refuses, or `undefined`. */
function faultOfObject(raw: unknown): string | undefined {
  if (!isRaw(raw)) return `an object was expected, not ${shown(raw)}`;
  const kind = raw["kind"] ?? "";
  if (typeof kind !== "string")
    return `\`kind\` must be text, not ${shown(kind)}: put it in quotes`;
  if (kind === "") return "an object without `kind`, which kubectl refuses: add it";
  return faultOfList(raw);
}

function addRead(into: Collected, raw: Raw, origin: Origin, kind: ReadKind): void {
  const { log, interner, entries, used } = into;
  // A ConfigMap, a ServiceAccount or an Ingress changes no verdict of a policy.
  const decides = kind !== "ConfigMap" && kind !== "ServiceAccount" && kind !== "Ingress";
  const notes = log.notes(origin, decides);
  const identity = identify(raw, kind, notes);
  if (identity === undefined) return;
  const { name } = identity;
  const namespace = interner.text(identity.namespace);
  if (namespace !== "" && !used.has(namespace)) used.set(namespace, origin);
  checkShape(raw, kind, notes);
  checkMetadata(raw, kind, notes);
  keepOwnAnnotations(into, raw, identity, origin);
  const parsed = parseObject(raw, kind, { namespace, name, origin, notes, interner });
  for (const each of notes.coded) {
    into.faults.push({ ...each, subject: subjectOf(raw, namespace, name), origin });
  }
  if (parsed === undefined) return;
  // Objects with a generated name are never the same.
  const suffix = identity.generated ? `\0${entries.size}` : "";
  const key = `${kind}/${namespace}/${name}${suffix}`;
  const first = entries.get(key);
  if (first === undefined) {
    entries.set(key, parsed);
    return;
  }
  const united = unite(first, parsed);
  if (united !== undefined) entries.set(key, united);
  const content =
    united === undefined ? "different" : parsed.as === "Namespace" ? "merged" : "same";
  const places = { firstOrigin: originOf(first) ?? origin, origin };
  const group = groupOf(textAt(raw, "apiVersion") ?? "");
  addDuplicate(
    into,
    { ...places, group, namespace, kind: writtenKind(kind), name, content },
    decides,
  );
}

function keepOwnAnnotations(
  { ownAnnotations }: Collected,
  raw: Raw,
  identity: Pick<Identity, "namespace" | "name">,
  origin: Origin,
): void {
  const own = ownAnnotationsOf(raw, identity, origin);
  if (own !== undefined) ownAnnotations.push(own);
}

/** A DaemonSet of which a second declaration runs something else on nodes: whoever looks at that must know. */
function uniteAgents(first: Parsed, second: Parsed): Parsed {
  if (first.as !== "workload" || second.as !== "workload") return first;
  const { agent } = first.value;
  if (agent === undefined || sameContent(agent, second.value.agent)) return first;
  return { as: "workload", value: { ...first.value, agent: { ...agent, disputed: true } } };
}

/** Two objects of one name as one; nothing if they contradict each other. */
function unite(first: Parsed, second: Parsed): Parsed | undefined {
  if (first.as !== "Namespace" || second.as !== "Namespace") {
    return sameContent(first.value, second.value) ? uniteAgents(first, second) : undefined;
  }
  const value = uniteNamespaces(first.value, second.value);
  return value === undefined ? undefined : { as: "Namespace", value };
}

function addDuplicate(
  { log, options, duplicates }: Collected,
  duplicate: DuplicateObject,
  decides: boolean,
): void {
  duplicates.push(duplicate);
  const { kind, namespace, firstOrigin, origin, content } = duplicate;
  const name = namespace === "" ? duplicate.name : `${namespace}/${duplicate.name}`;
  const { file, line } = options.locate?.(firstOrigin, []) ?? firstOrigin;
  const text = `${shown(kind).slice(1, -1)} ${shown(name)} is declared twice, first at ${file}:${line}`;
  if (content !== "different") {
    log.say({ severity: "warning", origin, path: [], text: `${text}: merged`, decides: false });
    return;
  }
  const advice = "with other content: the first is used, remove one";
  log.say({ severity: "error", origin, path: [], text: `${text}, ${advice}`, decides });
}

/** `said`: there is an error or a warning about it already. */
function addOther(into: Collected, given: Raw, origin: Origin, said: boolean): void {
  const { log, others, between, used } = into;
  const plain = withoutSecrets(given);
  const raw = isRaw(plain) ? plain : given;
  const other = otherOf(raw, origin);
  if (typeof other === "string") {
    if (!said) log.say({ severity: "info", origin, path: [], text: other, decides: false });
    return;
  }
  const { kind, apiVersion, namespace, name } = other;
  keepOwnAnnotations(into, raw, { namespace: namespace ?? "", name }, origin);
  if (namespace !== undefined && !used.has(namespace)) used.set(namespace, origin);
  const owner = ownerOf(objectAt(raw, "metadata"));
  if (owner !== undefined) between.push({ kind, namespace, name, owner, origin });
  const group = groupOf(apiVersion);
  const key = `${group}/${kind}/${namespace ?? ""}/${name}`;
  const first = others.get(key);
  if (first === undefined) {
    others.set(key, other);
    return;
  }
  const content = sameObject(first.object, raw) ? "same" : "different";
  const decides = readingOf(apiVersion, kind).kind === "unread";
  const place = { firstOrigin: first.origin, origin, namespace: namespace ?? "" };
  addDuplicate(into, { ...place, group, kind, name, content }, decides);
}

function originOf(parsed: Parsed): Origin | undefined {
  if (parsed.as === "Pod") return parsed.value.pod.origin;
  return parsed.as === "Namespace" ? parsed.value.declarations[0]?.origin : parsed.value.origin;
}

/** An object that is not interpreted, or why it is none. */
function otherOf(raw: Raw, origin: Origin): OtherObject | string {
  const { apiVersion, kind } = raw;
  if (typeof kind !== "string" || typeof apiVersion !== "string" || apiVersion === "") {
    return "no Kubernetes object: it has no `apiVersion`, so it was not read";
  }
  const metadata = objectAt(raw, "metadata");
  const { name, namespace } = metadata as { name?: unknown; namespace?: unknown };
  if (typeof name !== "string" || name === "") {
    return `${shown(kind)} of ${shown(apiVersion)} has no \`metadata.name\`: it was not read`;
  }
  const isPlaced = typeof namespace === "string" && namespace !== "" && !isOtherClusterScoped(kind);
  const place = isPlaced ? namespace : undefined;
  return { kind, apiVersion, namespace: place, name, object: raw, origin };
}
