import type { PortName } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import type { RuleSource } from "../../rule-source.ts";
import { namesText } from "../../words.ts";

/** Port names of rules that no pod has, or only some of the pods that are meant. */
export const control: Control = {
  id: "port-name-unresolved",
  family: "policy",
  title: "Every port name of a rule is one of the pods that it is for",
  severity: "medium",
  rationale:
    "A port name is looked up on the destination pod, with its protocol. A pod that has no port of the name is not reached, and nothing says so.",
  remediation: "Write the name of the container port, with its protocol, or the number.",
  references: ["NP-5", "CNP-7"],
  check: (evidence) =>
    evidence.sources().flatMap((source) =>
      source.portNames.flatMap(({ port, name, path }) => {
        const said = resolve(evidence, source, port);
        if (said === undefined) return [];
        const { policy, place } = source;
        return [
          {
            subject: policy.id,
            namespace: namespaceOfPolicy(policy.id),
            key: name,
            text: `\`${name}\`: ${said.text}`,
            places: [{ ...place, path }],
            fix: "write the name of the container port, with its protocol, or the number",
            ...(said.isSome ? { severity: "low" as const } : {}),
          },
        ];
      }),
    ),
};

interface Said {
  readonly text: string;
  /** It resolves on some of the pods. */
  readonly isSome: boolean;
}

/** What is wrong with a port name; `undefined` if every pod that is meant has it, or none is meant. */
function resolve(evidence: Evidence, source: RuleSource, port: PortName): Said | undefined {
  const { rule, peers } = source.compiled;
  const isAnybody = rule.direction === "egress" && peers.some(({ kind }) => kind === "any");
  const meant = destinationsOf(evidence, source, isAnybody);
  const what = `\`${port.name}\`${port.protocol === undefined ? "" : ` for ${port.protocol}`}`;
  if (meant.length === 0) {
    const isAddresses = peers.length > 0 && peers.every(({ kind }) => kind === "addresses");
    if (rule.direction === "ingress" || !isAddresses) return undefined;
    return { text: `the port name ${what} means nothing to addresses`, isSome: false };
  }
  const lacking = meant.filter((each) => !hasPort(evidence, each, port));
  const isSome = lacking.length < meant.length;
  if (lacking.length === 0 || (isSome && isAnybody)) return undefined;
  if (isAnybody) return { text: `no pod has a port ${what}`, isSome };
  const workloads = evidence.workloadsOf()(lacking);
  const names = namesText(workloads.map(({ id }) => id));
  const have = workloads.length === 1 ? "has" : "have";
  const other = meant.some((each) => hasPort(evidence, each, { ...port, protocol: undefined }));
  const hint = other && !isSome ? ", only for another protocol" : "";
  return { text: `${names} ${have} no port ${what}${hint}`, isSome };
}

/** The classes of pods at which a rule's port names are looked up. */
function destinationsOf(
  { compiled }: Evidence,
  { compiled: { rule, peers, policy } }: RuleSource,
  isAnybody: boolean,
): readonly number[] {
  const { realClasses, classes, subjects } = compiled;
  const own = subjects[policy]?.classes.members ?? [];
  const named = peers.flatMap((peer) => (peer.kind === "pods" ? [...peer.classes.members] : []));
  const meant = isAnybody ? realClasses : rule.direction === "ingress" ? own : named;
  return [...new Set(meant)].filter(
    (each) => realClasses.has(each) && classes.classes[each]!.type === "pod",
  );
}

function hasPort({ compiled }: Evidence, number: number, { name, protocol }: PortName): boolean {
  return compiled.classes.classes[number]!.ports.some(
    (port) => port.name === name && (protocol === undefined || port.protocol === protocol),
  );
}
