import { type Landscape, surveyLandscape } from "../analysis/index.ts";
import { type AddressSet, addressSet, formatRange, parseCidr } from "../base/index.ts";
import { type Cluster, isRaw } from "../model/index.ts";
import {
  type CompiledPolicies,
  type Rectangle,
  compilePolicies,
  formatTraffic,
} from "../policy/index.ts";
import type { Session } from "./session.ts";

/** A first configuration that holds what is found today. */
export interface DraftConfig {
  readonly profile: { readonly name: string; readonly why: string };
  /** Where the objects tell; each with the object that does. */
  readonly ranges: Readonly<Record<"pods" | "nodes" | "services", readonly DraftRange[]>>;
  readonly zones: readonly DraftZone[];
  /** For each namespace that somebody cannot reach: the namespaces that reach it today. */
  readonly closed: readonly DraftClosed[];
  /** Namespaces that everybody reaches. */
  readonly open: readonly string[];
  /** Connections between namespaces that a rule opens today. */
  readonly allows: readonly DraftAllow[];
  /** How many more of them there are. */
  readonly more: number;
}

/** A range of addresses, and what tells of it. */
export interface DraftRange {
  readonly range: string;
  readonly source: string;
}

/** Namespaces that share a label which speaks of a zone. */
export interface DraftZone {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly namespaces: readonly string[];
}

/** Who reaches a namespace. */
export interface DraftClosed {
  readonly namespace: string;
  readonly from: readonly string[];
  readonly outside: boolean;
}

/** Connections that are allowed today. */
export interface DraftAllow {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: readonly string[];
}

/** How many allows are drafted before they are only counted: a person has to read them. */
const MOST_ALLOWS = 100;

/** Drafts a configuration. The intents are judged with the ranges that are in it, as every later run will. */
export function draftConfig({ compiled: read, profileWhy }: Session): DraftConfig {
  const ranges = findRanges(read.cluster);
  const compiled = recompile(read, ranges);
  const landscape = surveyLandscape(compiled, []);
  const { closed, open } = findClosed(landscape);
  const opened = findAllows(landscape, "rules");
  // A file without an intent would test nothing: where no policy is, this is all that can be said.
  const isBare = closed.length + opened.length === 0;
  const allows = isBare ? findAllows(landscape, "everything") : opened;
  return {
    profile: { name: compiled.profile.name, why: profileWhy },
    ranges,
    zones: findZones(compiled),
    closed,
    open,
    allows: allows.slice(0, MOST_ALLOWS),
    more: Math.max(0, allows.length - MOST_ALLOWS),
  };
}

function recompile(read: CompiledPolicies, ranges: DraftConfig["ranges"]): CompiledPolicies {
  const { cluster, profile } = read;
  if (ranges.pods.length + ranges.nodes.length === 0) return read;
  const podRanges = cluster.podRanges ?? setOf(ranges.pods);
  const nodeRanges = cluster.nodeRanges ?? setOf(ranges.nodes);
  return compilePolicies({ ...cluster, podRanges, nodeRanges }, profile);
}

function setOf(ranges: readonly DraftRange[]): AddressSet | undefined {
  if (ranges.length === 0) return undefined;
  return addressSet(ranges.flatMap(({ range }) => parseCidr(range) ?? []));
}

/** Ranges that were given win; else what kubeadm, kube-proxy and Calico keep in the cluster tells them. */
function findRanges(cluster: Cluster): DraftConfig["ranges"] {
  const found = { pods: [...given(cluster.podRanges)], services: [] as DraftRange[] };
  const add = (into: DraftRange[], text: unknown, source: string): void => {
    if (typeof text !== "string") return;
    for (const range of text.split(",").map((each) => each.trim())) {
      const isNew = parseCidr(range) !== undefined && into.every((each) => each.range !== range);
      if (isNew) into.push({ range, source });
    }
  };
  for (const { namespace, name, data } of cluster.configMaps) {
    if (namespace !== "kube-system") continue;
    const source = `ConfigMap/${namespace}/${name}`;
    const setting = (key: string): string | undefined => {
      const pattern = new RegExp(`^\\s*${key}:\\s*"?([0-9a-fA-F.:/,]+)"?\\s*$`, "mu");
      return Object.values(data)
        .map((text) => pattern.exec(text)?.[1])
        .find((each) => each !== undefined);
    };
    if (cluster.podRanges === undefined) {
      if (name === "kubeadm-config") add(found.pods, setting("podSubnet"), source);
      if (name === "kube-proxy") add(found.pods, setting("clusterCIDR"), source);
    }
    if (name === "kubeadm-config") add(found.services, setting("serviceSubnet"), source);
  }
  for (const { kind, name, object } of cluster.others) {
    if (kind !== "IPPool" || cluster.podRanges !== undefined) continue;
    const { spec } = object;
    add(found.pods, isRaw(spec) ? spec["cidr"] : undefined, `IPPool/${name}`);
  }
  return { ...found, nodes: given(cluster.nodeRanges) };
}

function given(set: AddressSet | undefined): readonly DraftRange[] {
  return (set ?? []).map((range) => ({ range: formatRange(range), source: "the command line" }));
}

/** Label keys that speak of zones, as a word of the key's name. */
const ZONE_KEY = /(?:^|[-_.])(?:pci|cde|zone|env|environment|segment|tier|trust)(?:$|[-_.])/u;
/** Values that say no more than the key. */
const PLAIN = /^(?:true|yes|on|1|enabled|)$/u;
/** Where nodes are: not a zone of the network. */
const PLACES =
  /^(?:topology\.kubernetes\.io|failure-domain\.beta\.kubernetes\.io|pod-security\.kubernetes\.io)\//u;

function findZones({ cluster }: CompiledPolicies): readonly DraftZone[] {
  const inhabited = new Set(cluster.workloads.map(({ namespace }) => namespace));
  const zones = new Map<string, DraftZone & { readonly namespaces: string[] }>();
  const names = new Set<string>();
  for (const { name: namespace, labels } of cluster.namespaces.values()) {
    if (!inhabited.has(namespace)) continue;
    for (const [key, value] of Object.entries(labels)) {
      const word = key.slice(key.indexOf("/") + 1);
      if (PLACES.test(key) || !ZONE_KEY.test(word)) continue;
      const known = zones.get(`${key}=${value}`);
      if (known !== undefined) {
        known.namespaces.push(namespace);
        continue;
      }
      const wanted = PLAIN.test(value) ? word : value;
      const name = names.has(wanted) ? `${word}-${value === "" ? "empty" : value}` : wanted;
      if (names.has(name)) continue; // prefixes that differ only: the first stays
      names.add(name);
      zones.set(`${key}=${value}`, { name, key, value, namespaces: [namespace] });
    }
  }
  return [...zones.values()];
}

/** For each namespace: which others reach it, perhaps too, and whether the outside does. */
function findClosed({ peers, products }: Landscape): Pick<DraftConfig, "closed" | "open"> {
  const namespaces = [...new Set(peers.flatMap(({ namespace }) => namespace ?? []))].toSorted();
  const meant = new Set(peers.flatMap(({ namespace, host }) => (host ? [] : (namespace ?? []))));
  const reached = new Map(namespaces.map((each) => [each, new Set<string>()]));
  const sideOf = (side: readonly number[]): ReadonlySet<string> =>
    new Set(
      side.flatMap((index) => {
        const { peer, namespace, host } = peers[index]!;
        if (peer.kind === "outside") return [OUTSIDE];
        return host ? [] : (namespace ?? []);
      }),
    );
  for (const { from, to } of products) {
    const sources = sideOf(from);
    const targets = new Set(to.flatMap((index) => peers[index]!.namespace ?? []));
    for (const target of targets) for (const each of sources) reached.get(target)!.add(each);
  }
  const closed: DraftClosed[] = [];
  const open: string[] = [];
  for (const [namespace, sources] of reached) {
    const outside = sources.has(OUTSIDE);
    const from = [...sources, namespace].filter((each) => each !== OUTSIDE);
    const others = [...new Set(from)].toSorted();
    const isOpen = outside && [...meant].every((each) => others.includes(each));
    if (isOpen) open.push(namespace);
    else closed.push({ namespace, from: others, outside });
  }
  return { closed, open };
}

/** No namespace is called so. */
const OUTSIDE = "/outside";

/** What is surely allowed between workloads: of different namespaces on some traffic only (a rule opens it), or everything. */
function findAllows(
  { peers, products }: Landscape,
  which: "rules" | "everything",
): readonly DraftAllow[] {
  const allows: DraftAllow[] = [];
  const groupsOf = (side: readonly number[]): readonly (readonly [string, readonly number[]])[] => {
    const mine = side.filter((index) => !peers[index]!.host && peers[index]!.pods.length > 0);
    return [...Map.groupBy(mine, (index) => peers[index]!.namespace ?? "")];
  };
  for (const { from, to, traffic, universe, family, verdict } of products.filter(isPlain)) {
    const ports = formatTraffic(traffic, universe);
    if (verdict !== "allow" || family !== undefined) continue;
    if (which === "rules" && ports[0] === "all") continue;
    for (const [source, sources] of groupsOf(from)) {
      for (const [target, targets] of groupsOf(to)) {
        if (which === "rules" && source === target) continue;
        const ids = (list: readonly number[]): readonly string[] =>
          list.map((index) => peers[index]!.peer.id);
        allows.push({ from: ids(sources), to: ids(targets), ports });
      }
    }
  }
  return allows;
}

function isPlain({ conditions }: Rectangle): boolean {
  return conditions.length === 0;
}
