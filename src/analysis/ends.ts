import {
  type AddressSet,
  addressSet,
  isWithin,
  nearest,
  parseRange,
  parseCidr,
  shown,
} from "../base/index.ts";
import { MATCH_ALL, type Pod, matchesSelector } from "../model/index.ts";
import { directoryOf } from "../policy/index.ts";
import {
  type EndSection,
  type Intent,
  type SelectedEnd,
  type SingleEnd,
  endText,
  singleEnds,
  statementOf,
} from "./intent.ts";
import type { Landscape, LandscapePeer } from "./landscape.ts";
import { type SelectorSection, selectorOf } from "./selector-section.ts";
import type { Zone } from "./zone.ts";

/** The peers of a landscape that an end stands for. A workload whose pods are alike to policies is one peer, also where an end means only some of its pods. */
export interface EndPeers {
  /** Peers of which it means at least one pod; ascending. */
  readonly some: readonly number[];
  /** Those of which it means every pod. */
  readonly all: ReadonlySet<number>;
}

/** Every set of addresses that zones and intents name. */
export function namedAddresses(
  zones: readonly Zone[],
  intents: readonly Intent[],
): readonly AddressSet[] {
  const ends = intents.flatMap((intent) => {
    const { from, to } = statementOf(intent);
    return [...singleEnds(from), ...singleEnds(to)];
  });
  const texts = ends.filter((end) => typeof end === "string");
  const sets = [...texts.map((text) => [text]), ...zones.map(({ addresses = [] }) => addresses)];
  return sets.map(addressesOf).filter((set) => set.length > 0);
}

/** The addresses of texts; those that are none are left out. */
function addressesOf(texts: readonly string[]): AddressSet {
  return addressSet(texts.flatMap((text) => parseRange(text) ?? []));
}

/** What an end stands for; a sentence where one of its parts matches nothing. */
export function resolveEnd(
  landscape: Landscape,
  zones: readonly Zone[],
  end: EndSection,
): EndPeers | string {
  const found: Found = { peers: new Set(), pods: new Set() };
  for (const single of singleEnds(end)) {
    const before = found.peers.size + found.pods.size;
    const fault =
      typeof single === "string"
        ? addNamed(landscape, single, found)
        : addSelected(landscape, zones, { end: single, found });
    if (fault !== undefined) return fault;
    const isEmpty = found.peers.size + found.pods.size === before;
    if (isEmpty && !isKnown(landscape, zones, single))
      return `\`${endText(single)}\` matches nothing`;
  }
  return peersOf(landscape, found);
}

/** Whether an end that added nothing to others matches by itself. */
function isKnown(landscape: Landscape, zones: readonly Zone[], single: SingleEnd): boolean {
  const own: Found = { peers: new Set(), pods: new Set() };
  if (typeof single === "string") addNamed(landscape, single, own);
  else addSelected(landscape, zones, { end: single, found: own });
  return own.peers.size + own.pods.size > 0;
}

/** Whether a zone has members. */
export function hasMembers(landscape: Landscape, zone: Zone): boolean {
  return isKnown(landscape, [zone], { zone: zone.name });
}

interface Found {
  /** Whole peers. */
  readonly peers: Set<number>;
  readonly pods: Set<Pod>;
}

function peersOf({ peers }: Landscape, { peers: whole, pods: chosen }: Found): EndPeers {
  const some: number[] = [];
  const all = new Set<number>();
  for (const [index, { pods }] of peers.entries()) {
    const isAll = whole.has(index) || (pods.length > 0 && pods.every((pod) => chosen.has(pod)));
    if (isAll) all.add(index);
    if (isAll || pods.some((pod) => chosen.has(pod))) some.push(index);
  }
  return { some, all };
}

/** Adds what a text names; gives a sentence if nothing is called so. */
function addNamed(landscape: Landscape, name: string, { peers, pods }: Found): string | undefined {
  const add = (test: (each: LandscapePeer) => boolean): void => {
    for (const [index, each] of landscape.peers.entries()) if (test(each)) peers.add(index);
  };
  if (name === "any") {
    add(({ host }) => !host);
    return undefined;
  }
  if (name === "outside") {
    add(({ peer }) => peer.kind === "outside");
    return undefined;
  }
  if (parseCidr(name) !== undefined) {
    addAddresses(landscape, addressesOf([name]), peers);
    return undefined;
  }
  const directory = directoryOf(landscape.compiled);
  const found = directory.find(name);
  if (found === undefined) return unknownEnd(name, directory.names());
  for (const end of found.ends) {
    if (end.kind === "pod") pods.add(end.pod);
    else if (end.kind === "relation") add(({ peer }) => peer.id === end.relation);
    else if (end.kind === "node") add(({ peer }) => peer.id === `node/${end.name}`);
    else addAddresses(landscape, addressesOf([name]), peers);
  }
  if (found.ends[0]?.kind === "relation" && landscape.compiled.nodes.size > 0) {
    return `\`${name}\` is no end here, because nodes are among the objects: write node/NAME`;
  }
  return undefined;
}

function unknownEnd(name: string, known: readonly string[]): string {
  const near = nearest(name, known).map((each) => `\`${each}\``);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : "see `ringfence reach`";
  return `nothing is called ${shown(name)}: ${hint}`;
}

function addAddresses({ peers }: Landscape, addresses: AddressSet, into: Set<number>): void {
  for (const [index, { peer }] of peers.entries()) {
    if (peer.kind === "outside" && isWithin(peer.addresses, addresses)) into.add(index);
  }
}

/** Adds what labels, a namespace or a zone choose; gives a sentence if there is no such namespace or zone. */
function addSelected(
  landscape: Landscape,
  zones: readonly Zone[],
  { end, found }: { readonly end: SelectedEnd; readonly found: Found },
): string | undefined {
  if (end.zone !== undefined) return addZone(landscape, zones, { name: end.zone, found });
  const { namespaces } = landscape.compiled.cluster;
  if (end.namespace !== undefined && !namespaces.has(end.namespace)) {
    const [near] = nearest(end.namespace, [...namespaces.keys()]);
    const hint = near === undefined ? "" : `: did you mean \`${near}\`?`;
    return `there is no namespace ${shown(end.namespace)}${hint}`;
  }
  addPods(landscape, end, found.pods);
  return undefined;
}

function addZone(
  landscape: Landscape,
  zones: readonly Zone[],
  { name, found }: { readonly name: string; readonly found: Found },
): string | undefined {
  const zone = zones.find((each) => each.name === name);
  if (zone === undefined)
    return unknownZone(
      name,
      zones.map((each) => each.name),
    );
  const { namespaces, workloads: pods, addresses = [] } = zone;
  if (namespaces !== undefined || pods !== undefined) {
    const selected = { ...(namespaces && { namespaces }), ...(pods && { pods }) };
    addPods(landscape, selected, found.pods);
  }
  addAddresses(landscape, addressesOf(addresses), found.peers);
  return undefined;
}

/** What to say of a zone that nobody wrote. */
export function unknownZone(name: string, known: readonly string[]): string {
  const [near] = nearest(name, known);
  const others = known.length === 0 ? "no zone is defined" : `the zones are ${known.join(", ")}`;
  return `unknown zone ${shown(name)}: ${near === undefined ? others : `did you mean \`${near}\`?`}`;
}

function addPods({ peers, compiled }: Landscape, end: SelectedEnd, into: Set<Pod>): void {
  const ofPods = selectorFor(end.pods);
  const ofNamespaces = selectorFor(end.namespaces);
  const { namespaces } = compiled.cluster;
  const isMeant = (name: string): boolean =>
    (end.namespace === undefined || end.namespace === name) &&
    matchesSelector(ofNamespaces, namespaces.get(name)?.labels ?? {});
  const known = new Map<string, boolean>();
  for (const { pods, namespace } of peers) {
    if (namespace === undefined) continue;
    const meant = known.get(namespace) ?? isMeant(namespace);
    known.set(namespace, meant);
    if (!meant) continue;
    for (const pod of pods) if (matchesSelector(ofPods, pod.labels)) into.add(pod);
  }
}

function selectorFor(section: SelectorSection | undefined): typeof MATCH_ALL {
  return section === undefined ? MATCH_ALL : selectorOf(section);
}
