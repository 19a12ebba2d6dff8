import { formatAddress } from "../../src/base/index.ts";
import {
  type CompiledPolicies,
  answerQuestion,
  formatTraffic,
  reachability,
} from "../../src/policy/index.ts";

/** How much of each connection may pass under compiled policies, by `FROM TO PORT`: 0 deny, 1 depends, 2 allow. */
export type Connections = ReadonlyMap<string, number>;

/** The ends and ports at which two states of policies may differ: every workload, and the first and last address of every range outside. */
export function samplesOf(states: readonly CompiledPolicies[]): {
  readonly ends: readonly string[];
  readonly ports: readonly string[];
} {
  const ends = new Set<string>();
  const points = new Set<number>([1, 8080, 65_536 + 1, 3 * 65_536 + 8 * 256]);
  for (const compiled of states) {
    for (const peer of reachability(compiled).peers) {
      if (peer.kind !== "outside") {
        ends.add(peer.kind === "pod" ? peer.workload : peer.id);
        continue;
      }
      for (const { family, first, last } of peer.addresses) {
        for (const value of [first, last]) ends.add(formatAddress({ family, value }));
      }
    }
    for (const { rule } of compiled.rules) {
      for (let i = 0; i < rule.traffic.may.length; i++) points.add(rule.traffic.may[i]!);
    }
    for (const { ports } of compiled.cluster.workloads.flatMap(({ pods }) => pods)) {
      for (const { port, protocol } of ports) {
        points.add({ TCP: 0, UDP: 65_536, SCTP: 131_072 }[protocol] + port);
      }
    }
  }
  const ports = [...points].flatMap((point) => formatTraffic([point, point], [point, point + 1]));
  return { ends: [...ends], ports };
}

/** The verdicts between sampled ends on sampled ports. */
export function connectionsOf(
  compiled: CompiledPolicies,
  { ends, ports }: ReturnType<typeof samplesOf>,
): Connections {
  const out = new Map<string, number>();
  for (const from of ends) {
    for (const to of ends) {
      for (const port of ports) {
        const question = { from, to, port, family: undefined, facts: [] };
        const answer = answerQuestion(compiled, question);
        if (typeof answer === "string") continue;
        out.set(`${from} ${to} ${port}`, { deny: 0, depends: 1, allow: 2 }[answer.verdict]);
      }
    }
  }
  return out;
}
