import {
  type AddressRange,
  type AddressSet,
  addressSet,
  containsAddress,
  formatRange,
  isWithin,
  overlaps,
} from "../../../base/index.ts";
import type { Edit } from "../../../model/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import type { RuleSource } from "../../rule-source.ts";
import { namesText } from "../../words.ts";

/** Ranges of rules that cover addresses of pods or nodes. */
export const control: Control = {
  id: "cidr-covers-cluster",
  family: "policy",
  title: "Ranges mean the world outside, not pods and nodes",
  severity: "medium",
  rationale:
    "Ranges are meant for addresses outside of the cluster. Whether one also matches pods and nodes with such addresses differs from engine to engine: the same policy opens more in one cluster than in another.",
  remediation:
    "Leave the ranges of pods and nodes out with `except`, and name pods by their labels.",
  references: ["NP-6", "CNP-7"],
  check: (evidence) => {
    const covered = createCovered(evidence);
    const except = createExceptions(evidence);
    return evidence.sources().flatMap((source) => {
      const { policy, compiled, name, place } = source;
      const peer = compiled.peers.find(({ kind }) => kind === "addresses");
      if (peer?.kind !== "addresses") return [];
      const inside = covered(peer.set);
      const parts = [
        ...(peer.pods === "no" ? [] : inside.pods),
        ...(peer.nodes === "no" ? [] : inside.nodes),
      ];
      if (parts.length === 0) return [];
      const isSure = peer.pods === "yes" && peer.nodes === "yes";
      const effect = isSure ? "and matches them" : "and engines differ in whether it matches them";
      const edits = except(source, peer.set);
      return [
        {
          subject: policy.id,
          namespace: namespaceOfPolicy(policy.id),
          key: name,
          text: `\`${name}\` covers ${parts.join(", ")}, ${effect}`,
          places: [place],
          fix: "leave the addresses of pods and nodes out with `except`, and name pods by labels",
          ...(edits === undefined ? {} : { edits, changes: "closes" as const }),
        },
      ];
    });
  },
};

interface Inside {
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
}

/** What of the cluster is in an address set, in words; each set is looked at once, by classes and ranges. */
function createCovered({ compiled, cluster, workloadsOf }: Evidence): (set: number) => Inside {
  const { addresses, classes, realClasses } = compiled;
  const pods = classes.classes.filter(
    ({ number, type }) => type === "pod" && realClasses.has(number),
  );
  const known = new Map<number, Inside>();
  const find = (number: number): Inside => {
    const set = addresses.set(number);
    const found = pods.filter(({ cells }) =>
      ([4, 6] as const).some(
        (family) => cells[family] >= 0 && addresses.has(cells[family], number),
      ),
    );
    const names = workloadsOf()(found.map((each) => each.number)).map(({ id }) => id);
    const nodes = cluster.nodes.filter((node) =>
      node.addresses.some((address) => containsAddress(set, address)),
    );
    return {
      pods: [
        ...(names.length === 0 ? [] : [`addresses of ${namesText(names)}`]),
        ...rangeWords(cluster.podRanges, set, "pods"),
      ],
      nodes: [
        ...(nodes.length === 0 ? [] : [`addresses of ${namesText(nodes.map(({ name }) => name))}`]),
        ...rangeWords(cluster.nodeRanges, set, "nodes"),
      ],
    };
  };
  return (number) => {
    let inside = known.get(number);
    if (inside === undefined) {
      inside = find(number);
      known.set(number, inside);
    }
    return inside;
  };
}

function rangeWords(
  ranges: AddressSet | undefined,
  set: AddressSet,
  what: string,
): readonly string[] {
  const hit = (ranges ?? []).filter((range) => overlaps([range], set));
  return hit.length === 0 ? [] : [`the range of ${what} ${namesText(hit.map(formatRange))}`];
}

/** Makes exceptions for the ranges of pods and nodes, where they are known and hold everything of the cluster that is covered. */
function createExceptions({
  cluster,
  compiled,
}: Evidence): (source: RuleSource, set: number) => readonly Edit[] | undefined {
  const ranges = addressSet([...(cluster.podRanges ?? []), ...(cluster.nodeRanges ?? [])]);
  if (ranges.length === 0) return () => undefined;
  const strays = [
    ...cluster.nodes.flatMap(({ addresses }) => addresses),
    ...cluster.workloads.flatMap(({ pods }) => pods.flatMap(({ addresses }) => addresses ?? [])),
  ].filter((address) => !containsAddress(ranges, address));
  return (source, number) => {
    const set = compiled.addresses.set(number);
    if (strays.some((address) => containsAddress(set, address))) return undefined;
    return exceptionsOf(source, ranges);
  };
}

function exceptionsOf(
  { blocks, policy }: RuleSource,
  ranges: AddressSet,
): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { block, path } of blocks) {
    for (const range of ranges) {
      if (!overlaps([range], [block.cidr]) || isWithin([range], block.except)) continue;
      const isInside = isWithin([range], [block.cidr]) && !isWithin([block.cidr], [range]);
      if (!isInside || !isCidr(range)) return undefined;
      const value = formatRange(range);
      const { origin } = policy;
      edits.push({ kind: "append", origin, path: [...path, "except"], value });
    }
  }
  return edits.length === 0 ? undefined : edits;
}

function isCidr(range: AddressRange): boolean {
  return formatRange(range).includes("/");
}
