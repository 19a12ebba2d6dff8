import { addressRange, contains, parseAddress } from "../../../base/index.ts";
import {
  type CalicoEntity,
  type CalicoPort,
  type CalicoRule,
  type CalicoSelector,
  type Cluster,
  type Labels,
  type Pod,
  matchesCalicoSelector,
} from "../../../model/index.ts";
import type { Fact } from "../../fact.ts";
import { icmpTraffic, portTraffic, protocolTraffic } from "../../traffic.ts";
import {
  type Match,
  type Other,
  type Scene,
  anyOf,
  both,
  matchesBlocks,
  matchesPortName,
} from "../match.ts";

/** A scene with both ends as Calico sees them. */
export interface CalicoScene extends Omit<Scene, "guarded"> {
  /** The guarded end as the other sees it. */
  readonly own: Other;
}

/** How a rule of a policy in a namespace, or of a global one, matches a connection (CAL-7). */
export function matchCalicoRule(
  scene: CalicoScene,
  rule: CalicoRule,
  namespace: string | undefined,
): Match {
  const [source, destination] =
    scene.direction === "ingress" ? [scene.other, scene.own] : [scene.own, scene.other];
  const matches: Match[] = [
    rule.ipVersion === undefined || rule.ipVersion === scene.family ? "yes" : "no",
    matchEntity({ ...scene, other: source }, rule.source, namespace),
    matchEntity({ ...scene, other: destination }, rule.destination, namespace),
    matchTraffic(scene, rule),
  ];
  const { services } = scene.direction === "ingress" ? rule.source : rule.destination;
  if (services !== undefined) matches.push(matchService(scene, services));
  return matches.reduce(both);
}

function not(match: Match): Match {
  return match === "yes" ? "no" : match === "no" ? "yes" : "perhaps";
}

function matchEntity(
  scene: CalicoScene,
  entity: CalicoEntity,
  namespace: string | undefined,
): Match {
  const { selector, notSelector, namespaceSelector, serviceAccounts, nets, notNets } = entity;
  const meets = (test: (labels: Labels) => boolean): Match => matchLabels(scene, test);
  const matches: Match[] = [];
  const tests: ((labels: Labels) => boolean)[] = [];
  if (namespaceSelector !== undefined) {
    // CAL-8: `all()` is whatever is in a namespace, `global()` what is in none
    tests.push((labels) => matchesPrefixed(namespaceSelector, labels, "pcns.", NAMESPACE));
  } else if (
    namespace !== undefined &&
    (selector ?? notSelector ?? serviceAccounts) !== undefined
  ) {
    tests.push((labels) => labels[NAMESPACE] === namespace);
  }
  if (serviceAccounts !== undefined) {
    // CAL-13: names and selector must both match
    const { names, selector: ofAccount } = serviceAccounts;
    if (names.length > 0) tests.push((labels) => names.includes(labels[ACCOUNT] ?? ""));
    if (ofAccount !== undefined) {
      tests.push((labels) => matchesPrefixed(ofAccount, labels, "pcsa.", ACCOUNT));
    }
  }
  if (selector !== undefined) tests.push((labels) => matchesCalicoSelector(selector, labels));
  if (tests.length > 0) matches.push(meets((labels) => tests.every((test) => test(labels))));
  if (notSelector !== undefined) {
    matches.push(not(meets((labels) => matchesCalicoSelector(notSelector, labels))));
  }
  if (nets !== undefined) matches.push(inNets(scene, nets));
  if (notNets !== undefined) {
    const isFamily = notNets.some(({ family }) => family === scene.family); // CAL-9
    matches.push(isFamily ? not(inNets(scene, notNets)) : "no");
  }
  return matches.reduce(both, "yes");
}

export const NAMESPACE = "projectcalico.org/namespace";
export const ACCOUNT = "projectcalico.org/serviceaccount";

/** A selector whose labels are those of a namespace or service account. */
export function matchesPrefixed(
  selector: CalicoSelector,
  labels: Labels,
  prefix: string,
  presence: string,
): boolean {
  switch (selector.kind) {
    case "all":
      return presence in labels;
    case "global":
      return !(presence in labels);
    case "not":
      return !matchesPrefixed(selector.of, labels, prefix, presence);
    case "and":
      return selector.of.every((each) => matchesPrefixed(each, labels, prefix, presence));
    case "or":
      return selector.of.some((each) => matchesPrefixed(each, labels, prefix, presence));
    case "label":
      return matchesCalicoSelector({ ...selector, key: prefix + selector.key }, labels);
  }
}

/** CAL-10: a pod by its labels, or whatever has an address of a network set or host endpoint with such labels. */
function matchLabels(scene: CalicoScene, test: (labels: Labels) => boolean): Match {
  const { other, cluster } = scene;
  const isPod =
    other.kind === "pod" && test(labelsOfPod(cluster, other.namespace, other.pod)) ? "yes" : "no";
  const ranges = cluster.calico.flatMap((object) => {
    if (object.kind === "HostEndpoint") return test(object.labels) ? object.expectedIPs : [];
    if (object.kind !== "NetworkSet" && object.kind !== "GlobalNetworkSet") return [];
    const own =
      object.namespace === undefined
        ? object.labels
        : {
            ...prefixed(cluster.namespaces.get(object.namespace)?.labels ?? {}, "pcns."),
            "pcns.projectcalico.org/name": object.namespace,
            ...object.labels,
            [NAMESPACE]: object.namespace,
          };
    return test(own) ? object.nets : [];
  });
  return ranges.length === 0 ? isPod : anyOf([isPod, inNets(scene, ranges)]);
}

/** CAL-10: the labels of a pod as selectors see them. */
export function labelsOfPod(cluster: Cluster, namespace: string, pod: Pod): Labels {
  const account = cluster.serviceAccounts.find(
    (each) => each.namespace === namespace && each.name === pod.serviceAccount,
  );
  const own = Object.entries(pod.labels).filter(([key]) => !/^pc(?:ns|sa)\./u.test(key));
  return {
    ...prefixed(cluster.namespaces.get(namespace)?.labels ?? {}, "pcns."),
    ...prefixed(account?.labels ?? {}, "pcsa."),
    "pcns.projectcalico.org/name": namespace,
    "pcsa.projectcalico.org/name": pod.serviceAccount,
    ...Object.fromEntries(own),
    [NAMESPACE]: namespace,
    [ACCOUNT]: pod.serviceAccount,
    "projectcalico.org/orchestrator": "k8s",
  };
}

function prefixed(labels: Labels, prefix: string): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));
}

/** Whether the other end has an address in one of the ranges. */
export function inNets(scene: CalicoScene, nets: CalicoEntity["nets"]): Match {
  const blocks = (nets ?? []).map((cidr) => ({ cidr, except: [] }));
  return matchesBlocks(scene, blocks, { pods: "yes", nodes: "yes" });
}

/** CAL-12, CAL-13: protocol, ICMP and ports; source ports are not known. */
function matchTraffic(scene: CalicoScene, rule: CalicoRule): Match {
  const { traffic } = scene;
  const { protocol, notProtocol, icmp, notIcmp, source, destination } = rule;
  if (protocol !== undefined && !contains(protocolTraffic(protocol), traffic)) return "no";
  if (notProtocol !== undefined && contains(protocolTraffic(notProtocol), traffic)) return "no";
  const family = protocol === 58 ? 6 : 4;
  if (icmp !== undefined && !contains(icmpTraffic(family, icmp.type, icmp.code), traffic))
    return "no";
  if (notIcmp !== undefined && contains(icmpTraffic(family, notIcmp.type, notIcmp.code), traffic)) {
    return "no";
  }
  const matches: Match[] = [];
  const { ports, notPorts } = destination;
  if (ports !== undefined) matches.push(matchPorts(scene, ports, protocol));
  if (notPorts !== undefined) matches.push(not(matchPorts(scene, notPorts, protocol)));
  if (source.ports !== undefined || source.notPorts !== undefined) matches.push("perhaps");
  return matches.reduce(both, "yes");
}

function matchPorts(
  scene: CalicoScene,
  ports: readonly CalicoPort[],
  protocol: number | undefined,
): Match {
  const transport = protocol === 6 ? "TCP" : protocol === 17 ? "UDP" : "SCTP";
  return anyOf(
    ports.map((port): Match => {
      if (port.kind === "name") {
        return anyOf([
          matchesPortName(scene, port.name, transport),
          matchHostPort(scene, port.name, transport),
        ]);
      }
      const set = portTraffic(transport, Math.max(port.first, 1), port.last);
      return port.last > 0 && contains(set, scene.traffic) ? "yes" : "no";
    }),
  );
}

/** CAL-12: a port name of a host endpoint, at the addresses that it expects. */
function matchHostPort(scene: CalicoScene, name: string, transport: "TCP" | "UDP" | "SCTP"): Match {
  const destination = scene.direction === "ingress" ? scene.own : scene.other;
  return anyOf(
    scene.cluster.calico
      .filter((object) => object.kind === "HostEndpoint")
      .map(({ ports, expectedIPs }): Match => {
        const isPort = ports.some(
          (port) =>
            port.name === name &&
            port.protocol === transport &&
            contains(portTraffic(transport, port.port, port.port), scene.traffic),
        );
        return isPort ? inNets({ ...scene, other: destination }, expectedIPs) : "no";
      }),
  );
}

/** CAL-12: the endpoints of a Service, and toward it their ports. Without slices those that it selects. */
function matchService(
  scene: CalicoScene,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Match {
  const { cluster, other, direction, traffic } = scene;
  const slices = cluster.endpointSlices.filter(
    (slice) => slice.namespace === namespace && slice.service === name,
  );
  if (slices.length > 0) {
    return anyOf(
      slices.map(({ addresses, ports }): Match => {
        const isPort =
          direction === "ingress" ||
          ports.some(({ protocol, port }) => contains(portTraffic(protocol, port, port), traffic));
        if (!isPort) return "no";
        const ranges = addresses.flatMap((text) => {
          const address = parseAddress(text);
          return address === undefined ? [] : [addressRange(address)];
        });
        return inNets(scene, ranges);
      }),
    );
  }
  const service = cluster.services.find((one) => one.namespace === namespace && one.name === name);
  const selector = service?.selector;
  if (selector === undefined || other.kind !== "pod" || other.namespace !== namespace) return "no";
  const isMeant = Object.entries(selector).every(([key, value]) => other.pod.labels[key] === value);
  if (!isMeant) return "no";
  if (direction === "ingress") return "yes";
  return anyOf(
    service!.ports.map(({ protocol, targetPort }): Match => {
      if (typeof targetPort === "string") return matchesPortName(scene, targetPort, protocol);
      return contains(portTraffic(protocol, targetPort, targetPort), traffic) ? "yes" : "no";
    }),
  );
}

/** CAL-16: whether a request fits; `perhaps` where none is told of. */
export function matchHttp(rule: CalicoRule, facts: readonly Fact[]): Match {
  const { http } = rule;
  if (http === undefined) return "yes";
  const requests = facts.filter((fact) => fact.kind === "http");
  if (requests.length === 0) return facts.some(({ kind }) => kind === "dns") ? "no" : "perhaps";
  const fits = requests.some(
    ({ method, path }) =>
      (http.methods.length === 0 || http.methods.includes("*") || http.methods.includes(method)) &&
      (http.paths.length === 0 ||
        http.paths.some((each) =>
          each.kind === "exact" ? each.text === path : path.startsWith(each.text),
        )),
  );
  return fits ? "yes" : "no";
}
