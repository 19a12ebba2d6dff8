/** A fault to plant: one edit of one file under `src/policy`, found by its text. */
export interface Mutation {
  readonly name: string;
  /** What goes wrong, in a sentence. */
  readonly about: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly becomes: string;
}

/** Faults that a person could make, one for each part of the engine. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "isolation-direction",
    about: "a NetworkPolicy isolates ingress if it lists Egress (NP-2)",
    file: "dialect/network-policy.ts",
    text: 'ingress: hasType(object, "ingress") ? "yes" : "no",',
    becomes: 'ingress: hasType(object, "egress") ? "yes" : "no",',
  },
  {
    name: "except-of-other-blocks",
    about: "an except takes addresses out of the other blocks of its rule too (NP-6)",
    file: "dialect/network-policy.ts",
    text: "addresses: addressSet(blocks.flat()),",
    becomes:
      'addresses: subtractAddresses(addressSet(blocks.flat()), addressSet(peers.flatMap((peer) => (peer.kind === "ipBlock" ? peer.except : [])))),',
  },
  {
    name: "namespace-selector-nil",
    about: "a pod selector alone means the pods of all namespaces (NP-1)",
    file: "dialect/network-policy.ts",
    text: '? { kind: "name", name: namespace }',
    becomes: '? { kind: "labels", selector: MATCH_ALL }',
  },
  {
    name: "end-port",
    about: "the last port of a range is left out (NP-5)",
    file: "dialect/network-policy.ts",
    text: "portTraffic(protocol, port, endPort ?? port)",
    becomes: "portTraffic(protocol, port, endPort === undefined ? port : endPort - 1)",
  },
  {
    name: "icmp-beside-ports",
    about: "a rule with ports never matches ICMP where the text leaves it open (NP-11)",
    file: "dialect/network-policy.ts",
    text: "may: union(must, WITHOUT_PORTS)",
    becomes: "may: must",
  },
  {
    name: "fail-open",
    about: "a Deny or Pass that is not understood matches nothing (CNP-8)",
    file: "dialect/admin-policy.ts",
    text: 'peers: isAllow ? [] : [{ kind: "any" }],',
    becomes: "peers: [],",
  },
  {
    name: "ties-in-order",
    about: "of policies with equal priority the first in the list wins (CNP-2)",
    file: "program.ts",
    text: "left = intersect(left, runRules(run, rules, reach));",
    becomes: "left = runRules(run, rules, left);",
  },
  {
    name: "pass-allows",
    about: "Pass ends the search as Allow does (CNP-4)",
    file: "program.ts",
    text: "else run.passed = union(run.passed, may);",
    becomes: "else run.mayAllow = union(run.mayAllow, may);",
  },
  {
    name: "isolation-beside-allows",
    about: "what a NetworkPolicy allows is denied by its isolation too (NP-12)",
    file: "program.ts",
    text: "undecided = subtract(undecided, taken);",
    becomes: "",
  },
  {
    name: "higher-number-first",
    about: "the higher priority number comes first (CNP-2)",
    file: "build-program.ts",
    text: "compare(a[1], b[1])",
    becomes: "compare(b[1], a[1])",
  },
  {
    name: "baseline-other-way",
    about: "isolation in the other direction alone never keeps the Baseline tier out (CNP-4)",
    file: "build-program.ts",
    text: "otherWay.length > 0 ? stage.selectedOtherWay : stage.unselected",
    becomes: "stage.unselected",
  },
  {
    name: "must-for-may",
    about: "what matches perhaps is taken as matching surely",
    file: "match.ts",
    text: "return { must: EMPTY, may, doubts: ofPeer };",
    becomes: "return { must, may, doubts: ofPeer };",
  },
  {
    name: "port-name-protocol",
    about: "a port name is found whatever its protocol (NP-5)",
    file: "named-traffic.ts",
    text: "(protocol !== undefined && port.protocol !== protocol)",
    becomes: "false",
  },
  {
    name: "address-family",
    about: "IPv6 connections are judged by the IPv4 address of a pod (NP-6)",
    file: "match.ts",
    text: "const cell = endpoint.cells[family];",
    becomes: "const cell = endpoint.cells[4];",
  },
  {
    name: "unknown-address",
    about: "an address that may be in a range is in it",
    file: "address-index.ts",
    text: "return isWithin(where, sets[number]!) ? 2 : 1;",
    becomes: "return 2;",
  },
  {
    name: "host-network-reading",
    about: "host-network pods are their node without a doubt (NP-8)",
    file: "party.ts",
    text: 'switches.hostNetworkPods === "unclear" ? [false, true] : [false]',
    becomes: 'switches.hostNetworkPods === "unclear" ? [false] : [false]',
  },
  {
    name: "own-node-unknown",
    about: "a host that may be the pod's own node is another one (NP-7)",
    file: "party.ts",
    text: "return shared ? [true] : undefined;",
    becomes: "return [shared];",
  },
  {
    name: "classes-by-port",
    about: "pods whose port names mean other numbers are one class (NP-5)",
    file: "classes.ts",
    text: "const key = `${kind.type}|${portKeys[number]}`;",
    becomes: "const key = kind.type;",
  },
  {
    name: "selector-values",
    about: "of the values of an expression only the first is looked up in the index",
    file: "selector-index.ts",
    text: "best = lists.length === 1 ? lists[0]! : [...new Set(lists.flat())];",
    becomes: "best = lists[0]!;",
  },
  {
    name: "cells-by-port-name",
    about: "reachability takes pods with and without a port name for alike",
    file: "peer-sets.ts",
    text: '...(rule.direction === "egress"',
    becomes: '...(rule.direction !== "egress"',
  },
  {
    name: "cells-by-family",
    about: "reachability takes the results of IPv4 for IPv6",
    file: "partition.ts",
    text: "6: tellsFamilies(group) ? judge(point, 6, mayMatch) : first",
    becomes: "6: first",
  },
  {
    name: "columns-without-ranges",
    about: "reachability asks no rule for ranges about pods (NP-6)",
    file: "group-judge.ts",
    text: "any | pods | addresses | (isHost ? nodes : 0)",
    becomes: "any | pods | (isHost ? nodes : 0)",
  },
  {
    name: "outside-bounds",
    about: "reachability begins the range behind a CIDR one address too early",
    file: "outside.ts",
    text: "starts.add(range.last + 1n);",
    becomes: "starts.add(range.last);",
  },
  {
    name: "rectangle-join",
    about: "rectangles are joined if one side begins with the same peer",
    file: "sides.ts",
    text: "numberOf(side[equal])",
    becomes: "side[equal][0]!",
  },
  {
    name: "rectangle-self",
    about: "halves of the peers on both sides reach each other one way only",
    file: "sides.ts",
    text: "out.push({ from: head, to: tail }, { from: tail, to: head });",
    becomes: "out.push({ from: head, to: tail });",
  },
];

/** The source with the fault in it. Throws if the text does not stand there exactly once. */
export function mutate({ name, file, text, becomes }: Mutation, source: string): string {
  const [before, after, ...more] = source.split(text);
  if (after === undefined || more.length > 0) {
    const times = after === undefined ? "not" : `${more.length + 1} times`;
    throw new Error(
      `the text of mutation \`${name}\` stands ${times} in src/policy/${file}: choose it anew`,
    );
  }
  return `${before}${becomes}${after}`;
}
