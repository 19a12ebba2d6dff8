import { contains } from "../../../base/index.ts";
import type { Edit, Pod, Service, ServicePort } from "../../../model/index.ts";
import {
  type CompiledPolicies,
  type RuleRef,
  type Traffic,
  createEntrances,
  formatTraffic,
  placeOf,
  portTraffic,
} from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Found, Place } from "../../finding.ts";
import { listText } from "../../wording.ts";

/** Ports of Services that the policies of every backend keep shut against everybody. */
export const control: Control = {
  id: "service-port-never-let-in",
  family: "policy",
  title: "Policy lets somebody in at every port of a Service",
  severity: "medium",
  rationale:
    "A port that the policies of all backends deny to every peer of today and tomorrow cannot serve anybody. Often the policy names the port of the Service, but policies see the target port.",
  remediation: "Let the clients in at the target port, or take the port out of the Service.",
  references: ["PATH-1", "PATH-2", "NP-5"],
  check: ({ compiled, services }) => {
    const mayEnter = createEntrances(compiled);
    return services().flatMap((one) =>
      one.service.ports.flatMap((port, index) => {
        const backends = backendsOf(compiled, one.pods, port);
        if (backends.length === 0) return [];
        if (backends.some(({ pod, traffic }) => mayEnter(pod, traffic))) return [];
        return [shutPort(compiled, one.service, { port, index, backends })];
      }),
    );
  },
};

interface Backend {
  readonly pod: Pod;
  readonly traffic: Traffic;
}

function shutPort(
  compiled: CompiledPolicies,
  service: Service,
  {
    port,
    index,
    backends,
  }: {
    readonly port: ServicePort;
    readonly index: number;
    readonly backends: readonly Backend[];
  },
): Found {
  const { namespace, name, origin } = service;
  const targets = [...new Set(backends.flatMap(({ traffic }) => formatTraffic(traffic)))];
  const isolating = isolatingOf(compiled, backends[0]!.pod);
  const mistaken = ruleForServicePort(compiled, backends[0]!, port);
  const target = listText(targets);
  const base = `port ${port.port}: no rule lets ${target} into its pods`;
  const refs = mistaken === undefined ? isolating : [mistaken, ...isolating];
  return {
    subject: `${namespace}/Service/${name}`,
    namespace,
    key: `port ${port.name ?? port.port}`,
    text:
      mistaken === undefined
        ? `${base}, which ${isolatorText(isolating)} isolates`
        : `${base}; ${mistaken.rule} of \`${mistaken.policy}\` names the port of the Service instead`,
    places: [
      { origin, path: ["spec", "ports", index] },
      ...refs.flatMap((ref): Place[] => {
        const place = placeOf(compiled, ref);
        return place === undefined ? [] : [{ ...ref, ...place }];
      }),
    ],
    fix: `write a rule that lets its clients in at ${target}`,
    ...(mistaken === undefined
      ? {}
      : { edits: editsOf(compiled, mistaken, backends[0]!), changes: "opens" as const }),
  };
}

function isolatorText(isolating: readonly RuleRef[]): string {
  const [first] = isolating;
  return first === undefined ? "an admin policy" : `\`${first.policy}\``;
}

/** One pod of each class with the traffic that arrives there; nothing if a pod is on the host network, which no policy surely guards. */
function backendsOf(
  { classes }: CompiledPolicies,
  pods: readonly Pod[],
  { targetPort, protocol }: ServicePort,
): readonly Backend[] {
  if (pods.some(({ hostNetwork }) => hostNetwork)) return [];
  const perClass = new Map(pods.map((pod) => [classes.ofPod.get(pod), pod]));
  return [...perClass.values()].flatMap((pod): readonly Backend[] => {
    const numbers =
      typeof targetPort === "number"
        ? [targetPort]
        : pod.ports
            .filter((one) => one.name === targetPort && one.protocol === protocol)
            .map((one) => one.port);
    return numbers.map((number) => ({ pod, traffic: portTraffic(protocol, number, number) }));
  });
}

function isolatingOf(compiled: CompiledPolicies, pod: Pod): readonly RuleRef[] {
  return policiesOf(compiled, pod)
    .filter(({ isolates }) => isolates.ingress === "yes")
    .map(({ id }) => ({ policy: id, rule: undefined }));
}

function policiesOf({ classes, groups, groupOf, policies }: CompiledPolicies, pod: Pod) {
  const group = groups[groupOf["workload-ingress"][classes.ofPod.get(pod)!]!];
  return (group?.policies ?? []).map((number) => policies[number]!);
}

/** A rule of a NetworkPolicy that lets in the Service's own port, which no packet has when policy sees it. */
function ruleForServicePort(
  compiled: CompiledPolicies,
  { pod }: Backend,
  { port, protocol }: ServicePort,
): RuleRef | undefined {
  const [point = 0] = portTraffic(protocol, port, port);
  for (const { id, rules } of policiesOf(compiled, pod)) {
    if (!id.startsWith("networking.k8s.io/NetworkPolicy/")) continue;
    const rule = rules.find(
      ({ direction, traffic }) => direction === "ingress" && contains(traffic.must, point),
    );
    if (rule !== undefined) return { policy: id, rule: `ingress[${rule.index}]` };
  }
  return undefined;
}

/** The target port beside the other ports of the rule, which may be there for other pods. */
function editsOf(compiled: CompiledPolicies, ref: RuleRef, { traffic }: Backend): readonly Edit[] {
  const place = placeOf(compiled, ref);
  const [protocol, port] = formatTraffic(traffic)[0]!.split("/");
  if (place === undefined) return [];
  const value = { protocol: protocol!.toUpperCase(), port: Number(port) };
  return [{ kind: "append", origin: place.origin, path: [...place.path, "ports"], value }];
}
