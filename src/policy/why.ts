import { contains, formatAddress } from "../base/index.ts";
import type { LabelSelector, Labels } from "../model/index.ts";
import { matchRequirementText } from "./selector-text.ts";
import type { LookedRule } from "./explanation.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { type Scene, matchPeers, matchRule, matchSelf } from "./match.ts";
import type { EndpointSelector, Peer } from "./policy.ts";
import { reasonText } from "./reason-text.ts";
import { formatTraffic } from "./traffic.ts";

/** Whether a rule matches one point of traffic at the scene's column, and why, as a short clause. */
export function whyOf(
  scene: Scene,
  compiledRule: CompiledRule,
  traffic: number,
): Pick<LookedRule, "match" | "why"> {
  const { rule, peers, self } = compiledRule;
  const peer = matchPeers(scene, peers);
  if (peer.strength === 0) return { match: "no", why: whyNoPeer(scene, rule.peers) };
  if (self !== undefined && matchSelf(scene, self).strength === 0) {
    return { match: "no", why: "it is not for this endpoint among those that its policy selects" };
  }
  const { must, may, doubts } = matchRule(scene, compiledRule);
  const asked = formatTraffic([traffic, traffic])[0]!;
  if (!contains(may, traffic)) {
    const listed = formatTraffic(may);
    const names = rule.traffic.named.map(({ name }) => `\`${name}\``);
    const all = [...listed, ...names].slice(0, 6).join(", ");
    return { match: "no", why: `\`${asked}\` is not among ${all === "" ? "its ports" : all}` };
  }
  if (contains(must, traffic)) return { match: "yes", why: whyYes(scene, rule.peers) };
  const doubt = doubts.find((each) => contains(each.traffic, traffic));
  return { match: "perhaps", why: doubt === undefined ? "not certain" : reasonText(doubt.code) };
}

function whyYes(scene: Scene, peers: readonly Peer[]): string {
  const end = nameOf(scene);
  return peers.some(({ kind }) => kind === "any") ? "it has no peers: any" : `${end} is a peer`;
}

/** The closest miss in words: of one peer exactly, of several how many there are. */
function whyNoPeer(scene: Scene, peers: readonly Peer[]): string {
  const end = nameOf(scene);
  const [only, ...more] = peers;
  if (only === undefined) return "it matches nothing, because a peer has no known field";
  if (more.length > 0) return `${end} is none of its ${peers.length} kinds of peer`;
  const { column, compiled } = scene;
  if (only.kind === "addresses") return `${end} is not in its ranges`;
  if (only.kind !== "pods") return `${end} is no peer of it`;
  if (column.kind !== "class" || !column.asPod) return `${end} is no pod, and it selects pods`;
  const { labels, namespace } = compiled.classes.classes[column.number]!;
  return whyNotSelected(scene, only, { labels, namespace });
}

function whyNotSelected(
  { compiled }: Scene,
  selector: EndpointSelector,
  { labels, namespace }: { readonly labels: Labels; readonly namespace: string },
): string {
  const { namespaces, pods } = selector;
  if (namespaces.kind === "name" && namespaces.name !== namespace) {
    return `namespace \`${namespace}\` is not \`${namespaces.name}\``;
  }
  if (namespaces.kind === "labels") {
    const own = compiled.cluster.namespaces.get(namespace)?.labels ?? {};
    const missed = missing(namespaces.selector, own);
    if (missed !== undefined) return `namespace \`${namespace}\` does not have ${missed}`;
  }
  return `the pod does not have ${missing(pods, labels) ?? "the labels"}`;
}

function missing(selector: LabelSelector, labels: Labels): string | undefined {
  return matchRequirementText(selector, labels);
}

function nameOf({ column, compiled }: Scene): string {
  if (column.kind === "outside") return `\`${formatAddress(column.address)}\``;
  if (column.kind === "node") return "the node";
  if (column.kind === "imagined") return "the pod";
  const { type, namespace } = compiled.classes.classes[column.number]!;
  if (type === "host-pod" && !column.asPod) return "a host-network pod, read as its node,";
  return type === "pod" || type === "host-pod" ? `a pod of \`${namespace}\`` : "the node";
}
