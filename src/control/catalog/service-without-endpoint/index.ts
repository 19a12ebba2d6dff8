import {
  type Pod,
  type Service,
  type ServicePort,
  selectorOfLabels,
} from "../../../model/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import type { Found } from "../../finding.ts";
import { editsOf, findTypo } from "../../likely-typo.ts";
import { listText } from "../../wording.ts";

/** Services whose selector matches no pod, or with a port that no selected pod has. */
export const control: Control = {
  id: "service-without-endpoint",
  family: "policy",
  title: "Every Service with a selector has an endpoint for each of its ports",
  severity: "medium",
  rationale:
    "A Service without an endpoint leads nowhere. Mostly its selector has a typo or the workload has gone, and whoever gives a pod these labels receives its traffic.",
  remediation: "Correct the selector or the target port, or remove the Service.",
  references: ["PATH-1", "PATH-2", "PATH-3"],
  check: (evidence) => {
    const { cluster } = evidence;
    const listed = new Set(
      cluster.endpointSlices
        .filter(({ addresses }) => addresses.length > 0)
        .map(({ namespace, service }) => `${namespace}/${service}`),
    );
    return evidence.services().flatMap(({ service, pods }) => {
      if (pods.length > 0)
        return service.ports.flatMap((port, index) => checkPort(service, pods, { port, index }));
      // EndpointSlices are the truth where there are any
      if (listed.has(`${service.namespace}/${service.name}`)) return [];
      return [withoutPods(evidence, service)];
    });
  },
};

function withoutPods(evidence: Evidence, { namespace, name, selector, origin }: Service): Found {
  const wanted = selector ?? {};
  const asSelector = selectorOfLabels(wanted);
  const labels = evidence.podLabels();
  const within = new Set([namespace]);
  const typo = findTypo(asSelector, labels.values(within), (changed) =>
    labels.matches(changed, within),
  );
  const written = listText(Object.entries(wanted).map(([key, value]) => `\`${key}: ${value}\``));
  const at = ["spec", "selector"];
  return {
    subject: `${namespace}/Service/${name}`,
    namespace,
    text: `no pod of \`${namespace}\` has ${written}${typo === undefined ? "" : `, and \`${typo.meant}\` is in use`}`,
    places: [{ origin, path: at }],
    fix: typo === undefined ? "correct its selector, or remove it" : `write \`${typo.meant}\``,
    ...(typo === undefined
      ? {}
      : { edits: editsOf(typo, { origin, at, isPlain: true }), changes: "none" as const }),
  };
}

/** A target port by number is open whatever the containers declare; one by name needs a container port of that name and protocol. */
function checkPort(
  { namespace, name, origin }: Service,
  pods: readonly Pod[],
  { port, index }: { readonly port: ServicePort; readonly index: number },
): readonly Found[] {
  const { targetPort, protocol } = port;
  if (typeof targetPort === "number") return [];
  const isThere = pods.some(({ ports }) =>
    ports.some((one) => one.name === targetPort && one.protocol === protocol),
  );
  if (isThere) return [];
  const names = pods
    .flatMap(({ ports }) => ports.filter((one) => one.protocol === protocol))
    .map((one) => `\`${one.name}\``);
  const known = [...new Set(names)].toSorted();
  return [
    {
      subject: `${namespace}/Service/${name}`,
      namespace,
      key: `port ${port.name ?? port.port}`,
      text: `port ${port.port}: none of its pods has a ${protocol} port with the name \`${targetPort}\``,
      places: [{ origin, path: ["spec", "ports", index, "targetPort"] }],
      fix:
        known.length === 0
          ? `write the number of the port, or give the container a ${protocol} port of that name`
          : `write the number of the port, or one of ${listText(known)}`,
    },
  ];
}
