import { containsAddress } from "../../../base/index.ts";
import {
  type CalicoHostEndpoint,
  type CalicoProfile,
  type CalicoSelector,
  type Direction,
  type Node,
  matchesCalicoSelector,
} from "../../../model/index.ts";
import type { NodeTest, Policy, Rule } from "../../policy.ts";
import { ALL_TRAFFIC } from "../../traffic.ts";
import type { CalicoContext } from "./peers.ts";
import { compileCalicoRule } from "./rules.ts";

/** The slot of what a host endpoint does where no policy decides (CAL-14). */
export const HOST_ENDPOINT_SLOT = "projectcalico.org/HostEndpoint";

/** The nodes whose host endpoints a selector means; `undefined` if none is. Perhaps those of which it is not known that traffic goes by such an endpoint. */
export function nodesOf(context: CalicoContext, selector: CalicoSelector): NodeTest | undefined {
  return testOf(context, ({ labels }) => matchesCalicoSelector(selector, labels));
}

function testOf(
  { cluster }: CalicoContext,
  isMeant: (host: CalicoHostEndpoint) => boolean,
): NodeTest | undefined {
  const hosts = cluster.calico.filter((object) => object.kind === "HostEndpoint");
  const byNode = Map.groupBy(
    hosts.filter(({ node }) => node !== undefined),
    ({ node }) => node!,
  );
  const surely: string[] = [];
  const perhaps: string[] = [];
  for (const [name, own] of byNode) {
    const meant = own.filter(isMeant);
    if (meant.length === 0) continue;
    const node = cluster.nodes.find((each) => each.name === name);
    const isWhole = meant.length === own.length && coverNode(own, node);
    (isWhole ? surely : perhaps).push(name);
  }
  return surely.length + perhaps.length === 0 ? undefined : { kind: "names", surely, perhaps };
}

/** Whether all traffic of a node goes by one of these endpoints: one for every interface, or one for each of its addresses. */
function coverNode(hosts: readonly CalicoHostEndpoint[], node: Node | undefined): boolean {
  if (hosts.some(({ interfaceName }) => interfaceName === "*")) return true;
  if (node === undefined || node.addresses.length === 0) return false;
  return node.addresses.every((address) =>
    hosts.some(({ expectedIPs }) => containsAddress(expectedIPs, address)),
  );
}

/** A host endpoint that no policy decides for: its profiles allow, and without one everything is denied (CAL-14). */
export function compileHostEndpoint(
  context: CalicoContext,
  host: CalicoHostEndpoint,
): readonly Policy[] {
  const nodes = testOf(context, (each) => each === host);
  if (nodes === undefined) return [];
  const { name, origin } = host;
  const profiles = host.profiles.flatMap((profile) => rulesOfProfile(context, profile));
  return [
    {
      id: `projectcalico.org/HostEndpoint/${name}`,
      origin,
      slot: HOST_ENDPOINT_SLOT,
      order: 0,
      tieName: name,
      subject: { kind: "nodes", nodes },
      isolates: { ingress: "yes", egress: "yes" },
      state: "enforced",
      rules: profiles,
    },
  ];
}

function rulesOfProfile(context: CalicoContext, name: string): readonly Rule[] {
  if (name === "projectcalico-default-allow") return [allowAll("ingress"), allowAll("egress")];
  const profile = context.cluster.calico.find(
    (object): object is CalicoProfile => object.kind === "Profile" && object.name === name,
  );
  if (profile === undefined) return [];
  return (["ingress", "egress"] as const).flatMap((direction) =>
    profile[direction].flatMap((rule, index) =>
      compileCalicoRule(context, rule, { namespace: undefined, direction, index }).map((each) =>
        // CAL-5: Pass in a profile acts as deny
        each.action === "Pass" ? { ...each, action: "Deny" as const } : each,
      ),
    ),
  );
}

function allowAll(direction: Direction): Rule {
  const traffic = { must: ALL_TRAFFIC, may: ALL_TRAFFIC, named: [] };
  return { direction, index: 0, action: "Allow", peers: [{ kind: "any" }], traffic };
}
