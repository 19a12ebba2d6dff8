import { ipBlock, longList } from "./hostile-ranges.ts";
import { namespaceSelector, podSelector } from "./hostile-selectors.ts";
import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** A NetworkPolicy. */
export function networkPolicy(random: Random, index: number): RawObject {
  const direction = (side: string) => random.many(0, 2, () => rule(random, side));
  const types = random.pick([undefined, ["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
  const spec: RawObject = {
    ...(random.chance(90) ? { podSelector: podSelector(random) } : {}),
    ...(types === undefined ? {} : { policyTypes: types }),
    ...(random.chance(75) ? { ingress: direction("from") } : {}),
    ...(random.chance(75) ? { egress: direction("to") } : {}),
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `np-${index}`, namespace: random.pick(WORDS.homes) },
    spec,
  };
}

function rule(random: Random, side: string): RawObject {
  const few = random.many(0, 3, () => peer(random));
  const peers = random.chance(0.4) ? [...few, ...longList(random)] : few;
  return {
    ...(random.chance(80) ? { [side]: peers } : {}),
    ...(random.chance(65) ? { ports: random.many(0, 3, () => port(random)) } : {}),
  };
}

function peer(random: Random): RawObject {
  switch (random.below(5)) {
    case 0:
      return { podSelector: podSelector(random), namespaceSelector: null };
    case 1:
      return { namespaceSelector: namespaceSelector(random) };
    case 2:
      return { podSelector: podSelector(random), namespaceSelector: namespaceSelector(random) };
    default:
      return { ipBlock: ipBlock(random) };
  }
}

function port(random: Random): RawObject {
  const protocol = random.chance(60) ? { protocol: random.pick(WORDS.protocols) } : {};
  switch (random.below(6)) {
    case 0:
      return protocol;
    case 1:
      return { ...protocol, port: random.pick(WORDS.ports) };
    case 2:
      return { ...protocol, port: 50, endPort: random.pick([50, 53, 80]) };
    case 3:
      return { ...protocol, ...random.pick(BOUNDS) };
    default:
      return { ...protocol, port: random.pick(WORDS.numbers) };
  }
}

/** The first and the last port, alone and as ends of a range. */
const BOUNDS = [
  { port: 1 },
  { port: 65_535 },
  { port: 1, endPort: 65_535 },
  { port: 8080, endPort: 65_535 },
];
