import type { Address, AddressSet, Family } from "../base/index.ts";
import type { Cluster, ContainerPort, Labels, Node, Pod } from "../model/index.ts";
import { type AddressIndex, NO_ADDRESS, UNKNOWN_ADDRESS } from "./address-index.ts";
import type { Kind, Kinds } from "./kinds.ts";

/** Endpoints that every selector, port name and address test in force treats alike. */
export interface EndpointClass {
  readonly number: number;
  readonly type: Kind["type"];
  /** One of its members, for what all have in common in the eyes of the policies. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  readonly serviceAccount: string;
  readonly nodeLabels: Labels | undefined;
  /** Text of the ports whose names are in force. */
  readonly portKey: string;
  /** Cells of the address index. */
  readonly cells: Readonly<Record<Family, number>>;
  /** The families in which it has or may have an address: 1 IPv4, 2 IPv6, 3 both. */
  readonly families: number;
}

/** Every endpoint's class. */
export interface Classes {
  readonly classes: readonly EndpointClass[];
  /** The classes of a kind: they differ in addresses only. */
  readonly ofKind: readonly (readonly number[])[];
  readonly ofPod: ReadonlyMap<Pod, number>;
  readonly ofNode: ReadonlyMap<Node, number>;
  readonly ownNode: number;
  readonly otherNodes: number;
  /** Of a pod without labels that each namespace may get. */
  readonly future: ReadonlyMap<string, number>;
  /** Of a pod without labels in a namespace that nobody knows. */
  readonly unnamed: number;
}

/** What may split kinds into classes. */
export interface Distinctions {
  /** For each test in force the kinds that it matches. */
  readonly matches: Iterable<Int32Array>;
  /** Port names that a rule in force uses. */
  readonly portNames: ReadonlySet<string>;
  readonly addresses: AddressIndex;
}

/** Sorts kinds into classes by partition refinement: the work is the sum of the sizes of the matches. */
export function buildClasses(cluster: Cluster, kinds: Kinds, by: Distinctions): Classes {
  const portKeys = kinds.kinds.map(({ ports }) => portKeyOf(ports, by.portNames));
  const cellOfKind = refine(kinds.kinds, portKeys, by.matches);
  const classes: EndpointClass[] = [];
  const ofKind: number[][] = kinds.kinds.map(() => []);
  const byKey = new Map<string, number>();
  const place = placer(cluster, by.addresses);
  const nodes = new Map(cluster.nodes.map((node) => [node.name, node]));

  const add = (kindNumber: number, at: Place): number => {
    const key = `${cellOfKind[kindNumber]}|${at.cells[4]}|${at.cells[6]}|${at.families}`;
    let number = byKey.get(key);
    if (number === undefined) {
      number = classes.length;
      byKey.set(key, number);
      classes.push({ ...kinds.kinds[kindNumber]!, ...at, number, portKey: portKeys[kindNumber]! });
    }
    const list = ofKind[kindNumber]!;
    if (!list.includes(number)) list.push(number);
    return number;
  };
  const ofPod = new Map<Pod, number>();
  for (const [pod, kind] of kinds.ofPod) {
    const node = pod.hostNetwork && pod.node !== undefined ? nodes.get(pod.node) : undefined;
    const addresses = pod.hostNetwork ? hostAddressesOf(pod, node) : pod.addresses;
    ofPod.set(pod, add(kind, place(addresses, pod.hostNetwork)));
  }
  const ofNode = new Map<Node, number>();
  for (const [node, kind] of kinds.ofNode)
    ofNode.set(node, add(kind, place(knownAddresses(node), true)));
  const ownNode = add(kinds.ownNode, place(undefined, true));
  const otherNodes = add(kinds.otherNodes, place(undefined, true));
  const somewhere = place(undefined, false);
  const future = new Map<string, number>();
  for (const [name, kind] of kinds.future) future.set(name, add(kind, somewhere));
  const unnamed = add(kinds.unnamed, somewhere);
  return { classes, ofKind, ofPod, ofNode, ownNode, otherNodes, future, unnamed };
}

/** A number for each kind; equal for kinds of one type with equal ports that no match tells apart. */
function refine(
  kinds: readonly Kind[],
  portKeys: readonly string[],
  matches: Iterable<Int32Array>,
): Int32Array {
  const cells = new Int32Array(kinds.length);
  const first = new Map<string, number>();
  for (const [number, kind] of kinds.entries()) {
    const key = `${kind.type}|${portKeys[number]}`;
    if (!first.has(key)) first.set(key, first.size);
    cells[number] = first.get(key)!;
  }
  let next = first.size;
  for (const match of matches) {
    const split = new Map<number, number>();
    for (const kind of match) {
      const old = cells[kind]!;
      let cell = split.get(old);
      if (cell === undefined) {
        cell = next++;
        split.set(old, cell);
      }
      cells[kind] = cell;
    }
  }
  return cells;
}

/** The addresses of a host-network pod are its node's (NP-8); where its status tells which of them it has, those. */
export function hostAddressesOf(pod: Pod, node: Node | undefined): readonly Address[] | undefined {
  const own = node === undefined ? undefined : knownAddresses(node);
  return pod.addresses ?? own ?? (pod.hostAddresses.length > 0 ? pod.hostAddresses : undefined);
}

/** The addresses of a node; `undefined` if its status tells none. */
export function knownAddresses(node: {
  readonly addresses: readonly Address[];
}): readonly Address[] | undefined {
  return node.addresses.length > 0 ? node.addresses : undefined;
}

/** Where an endpoint is: its cells and families. */
export type Place = Pick<EndpointClass, "cells" | "families">;

/** Places endpoints by their addresses, or by the ranges that bound unknown ones. */
function placer(
  cluster: Cluster,
  index: AddressIndex,
): (addresses: readonly Address[] | undefined, host: boolean) => Place {
  const unknownPod = unknownPlace(cluster.podRanges);
  const unknownNode = unknownPlace(cluster.nodeRanges);
  return (addresses, host) => {
    if (addresses === undefined) return host ? unknownNode : unknownPod;
    const cells = { 4: index.cellOf(addresses, 4), 6: index.cellOf(addresses, 6) };
    const families = (cells[4] === NO_ADDRESS ? 0 : 1) | (cells[6] === NO_ADDRESS ? 0 : 2);
    return { cells, families };
  };
}

function unknownPlace(ranges: AddressSet | undefined): Place {
  const has = (family: Family): boolean =>
    ranges === undefined || ranges.some((range) => range.family === family);
  return {
    cells: {
      4: has(4) ? UNKNOWN_ADDRESS : NO_ADDRESS,
      6: has(6) ? UNKNOWN_ADDRESS : NO_ADDRESS,
    },
    families: (has(4) ? 1 : 0) | (has(6) ? 2 : 0),
  };
}

function portKeyOf(ports: readonly ContainerPort[], names: ReadonlySet<string>): string {
  if (names.size === 0 || ports.length === 0) return "";
  return ports
    .filter(({ name }) => names.has(name))
    .map(({ name, protocol, port, container }) => `${name}/${protocol}/${port}/${container}`)
    .join(",");
}
