import {
  type AntreaGroup,
  type AntreaGroupMembers,
  type AntreaPeer,
  type AntreaRule,
  type AntreaTraffic,
  type Cluster,
  type LabelSelector,
  MATCH_ALL,
  matchesSelector,
} from "../../../model/index.ts";
import { type Address, parseAddress } from "../../../base/index.ts";
import type { Fact } from "../../fact.ts";
import { icmpTraffic, portTraffic, protocolTraffic } from "../../traffic.ts";
import {
  type Guarded,
  type Match,
  type Scene,
  anyOf,
  both,
  matchesBlocks,
  matchesPortName,
  selectsPod,
} from "../match.ts";

/** How a rule of a policy in a namespace, or of a cluster policy, matches the other end. */
export function matchAntreaRule(
  scene: Scene,
  rule: AntreaRule,
  namespace: string | undefined,
): Match {
  if (rule.toServices.length > 0) return matchServices(scene, rule);
  // ANT-10: no peer is everybody
  const peer =
    rule.peers.length === 0
      ? "yes"
      : anyOf(rule.peers.map((each) => matchPeer(scene, each, namespace)));
  const traffic =
    rule.traffic === undefined
      ? "yes"
      : anyOf(rule.traffic.map((each) => matchTraffic(scene, each)));
  return both(peer, traffic);
}

/** Pods in the policy's namespace, or in all, unless a selector says which (ANT-10). */
function matchPods(
  scene: Pick<Scene, "cluster" | "other">,
  namespace: string | undefined,
  podSelector: LabelSelector | undefined,
  namespaceSelector: LabelSelector | undefined,
): Match {
  const { other, cluster } = scene;
  if (other.kind !== "pod" || other.host !== undefined) return "no"; // ANT-19
  return selectsPods(cluster, other, { namespace, podSelector, namespaceSelector }) ? "yes" : "no";
}

/** Whether selectors of a policy or group mean a pod. */
export function selectsPods(
  cluster: Cluster,
  pod: Guarded,
  by: {
    readonly namespace: string | undefined;
    readonly podSelector: LabelSelector | undefined;
    readonly namespaceSelector: LabelSelector | undefined;
  },
): boolean {
  if (by.namespaceSelector === undefined && by.namespace !== undefined) {
    if (by.namespace !== pod.namespace) return false;
  }
  return selectsPod(cluster, by.namespaceSelector ?? MATCH_ALL, by.podSelector ?? MATCH_ALL, pod);
}

function matchPeer(scene: Scene, peer: AntreaPeer, namespace: string | undefined): Match {
  const { cluster, other, guarded } = scene;
  switch (peer.kind) {
    case "pods":
      return matchPods(scene, namespace, peer.podSelector, peer.namespaceSelector);
    case "self":
      // ANT-13: the namespace of the pod that is selected
      return matchPods(scene, guarded.namespace, peer.podSelector, undefined);
    case "sameLabels": {
      // ANT-14: all of the labels must be there on both sides, with the same values
      if (other.kind !== "pod") return "no";
      const [mine, theirs] = [guarded.namespace, other.namespace].map(
        (name) => cluster.namespaces.get(name)?.labels ?? {},
      ) as [Record<string, string>, Record<string, string>];
      const isSame = peer.labels.every(
        (key) =>
          Object.hasOwn(mine, key) && Object.hasOwn(theirs, key) && mine[key] === theirs[key],
      );
      return isSame ? matchPods(scene, undefined, peer.podSelector, undefined) : "no";
    }
    case "ipBlock":
      return matchesBlocks(scene, [peer], { pods: "yes", nodes: "yes" });
    case "group":
      return matchGroup(scene, findGroup(cluster, peer.name, namespace), 0);
    case "serviceAccount":
      return isAccount(scene, peer) ? "yes" : "no";
    case "nodes":
      return matchNodes(scene, peer.selector);
    case "fqdn":
      return matchName(scene, peer.name);
    case "external":
      return "no";
  }
}

function isAccount(
  { other }: Scene,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): boolean {
  if (other.kind !== "pod" || other.host !== undefined) return false;
  return other.namespace === namespace && other.pod.serviceAccount === name;
}

/** ANT-16: a node, with what is on its host network. */
function matchNodes({ other }: Scene, selector: LabelSelector): Match {
  const host = other.kind === "outside" ? undefined : other.host;
  if (host === undefined) return "no";
  if (selector.requirements.length === 0) return "yes";
  if (host.labels === undefined) return "perhaps";
  return matchesSelector(selector, host.labels) ? "yes" : "no";
}

/** ANT-11: a group by name, of the policy's namespace or of the cluster. */
export function findGroup(
  { antrea }: Cluster,
  name: string,
  namespace: string | undefined,
): AntreaGroup | undefined {
  const kind = namespace === undefined ? "ClusterGroup" : "Group";
  const found = antrea.find(
    (object) => object.kind === kind && object.name === name && object.namespace === namespace,
  );
  return found as AntreaGroup | undefined;
}

/** ANT-11: the members of a group and of its children, one level deep; a missing one has none. */
function matchGroup(scene: Scene, group: AntreaGroup | undefined, depth: number): Match {
  if (group === undefined) return "no";
  const { members, namespace } = group;
  if (members.kind === "groups") {
    if (depth > 0) return "no";
    return anyOf(
      members.names.map((name) => matchGroup(scene, findGroup(scene.cluster, name, namespace), 1)),
    );
  }
  return matchMembers(scene, members, namespace);
}

function matchMembers(
  scene: Scene,
  members: Exclude<AntreaGroupMembers, { readonly kind: "groups" }>,
  namespace: string | undefined,
): Match {
  switch (members.kind) {
    case "pods":
      return matchPods(scene, namespace, members.podSelector, members.namespaceSelector);
    case "nodes":
      return matchNodes(scene, members.selector);
    case "ipBlocks":
      return matchesBlocks(scene, members.blocks, { pods: "yes", nodes: "yes" });
    case "service":
      return matchSelected(scene, members);
    case "external":
      return "no";
  }
}

/** ANT-11: the pods of a Service's selector. */
function matchSelected(
  scene: Scene,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Match {
  const { cluster, other } = scene;
  const service = cluster.services.find((one) => one.namespace === namespace && one.name === name);
  if (service?.selector === undefined || other.kind !== "pod" || other.host !== undefined)
    return "no";
  const isMeant =
    other.namespace === namespace &&
    Object.entries(service.selector).every(([key, value]) => other.pod.labels[key] === value);
  return isMeant ? "yes" : "no";
}

/** ANT-17: the address of the Service itself; what has it is neither pod nor node. */
function matchServices({ cluster, other, traffic }: Scene, { toServices }: AntreaRule): Match {
  if (other.kind !== "outside") return "no";
  const isMeant = toServices.some(({ namespace, name }) => {
    const service = cluster.services.find(
      (one) => one.namespace === namespace && one.name === name,
    );
    const isMine = service?.clusterIPs.some((text) => isAddress(parseAddress(text), other.address));
    const isPort = service?.ports.some(({ protocol, port }) =>
      isIn(portTraffic(protocol, port, port), traffic),
    );
    return isMine === true && isPort === true;
  });
  return isMeant ? "yes" : "no";
}

function isAddress(a: Address | undefined, b: Address): boolean {
  return a?.family === b.family && a.value === b.value;
}

function isIn(set: readonly number[], traffic: number): boolean {
  return set.some((lo, index) => index % 2 === 0 && lo <= traffic && traffic <= set[index + 1]!);
}

/** ANT-21, ANT-22; which port a connection comes from is not told. */
function matchTraffic(scene: Scene, entry: AntreaTraffic): Match {
  const { traffic } = scene;
  switch (entry.kind) {
    case "igmp":
      return isIn(protocolTraffic(2), traffic) ? "yes" : "no";
    case "icmp": {
      const { type, code } = entry;
      const isFamily = (family: 4 | 6): boolean => isIn(icmpTraffic(family, type, code), traffic);
      return isFamily(4) || isFamily(6) ? "yes" : "no";
    }
    case "port": {
      const { protocol, port, endPort, sourcePort } = entry;
      if (typeof port === "string") return matchesPortName(scene, port, protocol);
      const [first, last] = port === undefined ? [1, 65_535] : [port, endPort ?? port];
      if (!isIn(portTraffic(protocol, Math.max(first, 1), Math.max(last, 1)), traffic)) return "no";
      return sourcePort ? "perhaps" : "yes";
    }
  }
}

/** ANT-18: `*` is any number of labels, none included; which names an address was learned for is told, or not known. */
function matchName({ other, facts }: Scene, pattern: string): Match {
  if (other.kind !== "outside") return "no";
  const told = facts.flatMap((fact) => (fact.kind === "fqdn" ? [fact.name.toLowerCase()] : []));
  if (told.length === 0) return "perhaps";
  const escaped = pattern
    .toLowerCase()
    .replace(/\.$/u, "")
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\-]/gu, String.raw`\$&`));
  const expression = new RegExp(`^${escaped.join(".*")}$`, "u");
  return told.some((name) => expression.test(name)) ? "yes" : "no";
}

/** ANT-23: whether a request fits one of the protocols; `undefined` where it is not told. */
export function fitsL7({ l7 }: AntreaRule, facts: readonly Fact[]): boolean | undefined {
  const requests = facts.filter((fact) => fact.kind === "http");
  const isTold = facts.some(({ kind }) => kind === "http" || kind === "dns");
  const answers = (l7 ?? []).map((each): boolean | undefined => {
    if (each.kind === "tls") return undefined;
    if (requests.length === 0) return isTold ? false : undefined;
    const { method, host, path } = each;
    return requests.some(
      (request) =>
        (method === undefined || method === request.method) &&
        (host === undefined || fitsGlob(host, request.host ?? "")) &&
        (path === undefined || fitsGlob(path, request.path)),
    );
  });
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function fitsGlob(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return pattern === text;
  const last = rest.at(-1) ?? "";
  return text.startsWith(first) && text.endsWith(last) && text.length >= first.length + last.length;
}
