import { EMPTY, addressRange, addressSet, parseAddress, union } from "../../../base/index.ts";
import { type Cluster, selectorOfLabels } from "../../../model/index.ts";
import type { Peer, PortName } from "../../policy.ts";
import { type Traffic, portTraffic } from "../../traffic.ts";

/** Addresses of a Service, with their ports. */
export interface ServiceTarget {
  readonly peer: Peer;
  readonly traffic: Traffic;
  readonly named: readonly PortName[];
}

/** The endpoints of a Service: those of its EndpointSlices, ready or not, else the pods that it selects (CAL-12). None without a namespace, or where there is no such Service. */
export function serviceTargets(
  { services, endpointSlices }: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly ServiceTarget[] {
  const slices = endpointSlices.filter(
    (slice) => slice.namespace === namespace && slice.service === name,
  );
  if (slices.length > 0) {
    return slices.map(({ addresses, ports }): ServiceTarget => {
      const ranges = addresses.flatMap((text) => {
        const address = parseAddress(text);
        return address === undefined ? [] : [addressRange(address)];
      });
      const peer: Peer = {
        kind: "addresses",
        addresses: addressSet(ranges),
        pods: "yes",
        nodes: "yes",
      };
      const traffic = ports.reduce<Traffic>(
        (sum, { protocol, port }) => union(sum, portTraffic(protocol, port, port)),
        EMPTY,
      );
      return { peer, traffic, named: [] };
    });
  }
  const service = services.find((one) => one.namespace === namespace && one.name === name);
  if (service?.selector === undefined) return [];
  const peer: Peer = {
    kind: "pods",
    namespaces: { kind: "name", name: namespace },
    pods: selectorOfLabels(service.selector),
    hostNetwork: false,
  };
  let traffic: Traffic = EMPTY;
  const named: PortName[] = [];
  for (const { protocol, targetPort } of service.ports) {
    if (typeof targetPort === "string") named.push({ name: targetPort, protocol });
    else traffic = union(traffic, portTraffic(protocol, targetPort, targetPort));
  }
  return [{ peer, traffic, named }];
}
