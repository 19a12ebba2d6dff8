import { type Tie, findTies, formatTraffic, placeOf } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import type { Found, Place } from "../../finding.ts";
import { countText, listText } from "../../wording.ts";

/** Admin policies of equal priority that contradict each other about traffic of a pod that both select. */
export const control: Control = {
  id: "priority-tie",
  family: "policy",
  title: "No two policies of equal priority contradict each other",
  severity: "high",
  rationale:
    "Between admin policies of equal priority in one tier the API leaves open which comes first. Where they say different things, the network plugin decides, and may decide otherwise tomorrow.",
  remediation: "Give the policies different priorities; the lower number comes first.",
  references: ["CNP-2"],
  check: (evidence) =>
    [...Map.groupBy(findTies(evidence.compiled), pairOf).values()].map((ties) =>
      describe(evidence, ties),
    ),
};

function pairOf({ rules: [a, b] }: Tie): string {
  return `${a.ref.policy} ${b.ref.policy}`;
}

const DOES = { Allow: "allows", Deny: "denies", Pass: "passes on", Log: "logs" } as const;

function describe({ compiled, workloadsIn }: Evidence, ties: readonly Tie[]): Found {
  const [a, b] = ties[0]!.rules;
  const first = compiled.byId.get(a.ref.policy)!;
  const texts = ties.map(({ rules: [mine, other], traffic }) => {
    const what = listText(formatTraffic(traffic));
    return `${mine.ref.rule} ${DOES[mine.action]} and its ${other.ref.rule} ${DOES[other.action]} ${what === "all" ? "everything" : what}`;
  });
  const count = workloadsIn(ties.flatMap(({ classes }) => classes)).length;
  const refs = ties.flatMap(({ rules }) => rules.map(({ ref }) => ref));
  const unique = [...new Map(refs.map((ref) => [`${ref.policy} ${ref.rule}`, ref])).values()];
  return {
    subject: a.ref.policy,
    namespace: undefined,
    key: b.ref.policy,
    text: `\`${nameOf(b.ref.policy)}\` has the same priority ${first.order} and says otherwise for ${countText(count, "workload")}: ${listText(texts, 2)}`,
    places: unique.flatMap((ref): Place[] => {
      const place = placeOf(compiled, ref);
      return place === undefined ? [] : [{ ...ref, ...place }];
    }),
    fix: `give \`${nameOf(a.ref.policy)}\` or \`${nameOf(b.ref.policy)}\` another priority: the lower number comes first`,
  };
}

function nameOf(policy: string): string {
  return policy.split("/").at(-1)!;
}
