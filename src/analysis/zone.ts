import type { GenericSchema } from "valibot";

import { type ValibotModule, exactObject, parseAddress, parseCidr, shown } from "../base/index.ts";
import { type SelectorSection, selectorSchema } from "./selector-section.ts";

/**
 * A zone of `ringfence.yaml`: the pods that `workloads` selects in the namespaces that `namespaces` selects (one of them alone: all of the other),
 * and `addresses` outside.
 */
export interface Zone {
  readonly name: string;
  readonly namespaces?: SelectorSection;
  readonly workloads?: SelectorSection;
  /** Addresses and CIDRs outside of the cluster. */
  readonly addresses?: readonly string[];
}

/** The schema of a zone. */
export function zoneSchema(v: ValibotModule): GenericSchema<unknown, Zone> {
  return v.pipe(
    exactObject(v, {
      name: v.pipe(
        v.string(),
        v.regex(
          /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/u,
          ({ input }) =>
            `${shown(input)} is no name of a zone: letters, digits, \`-\`, \`_\`, \`.\``,
        ),
        v.description("how intents call it"),
      ),
      namespaces: v.exactOptional(
        v.pipe(selectorSchema(v), v.description("selects namespaces by their labels")),
      ),
      workloads: v.exactOptional(
        v.pipe(selectorSchema(v), v.description("selects pods by their labels")),
      ),
      addresses: v.exactOptional(
        v.pipe(v.array(rangeSchema(v)), v.description("addresses and CIDRs outside")),
      ),
    }),
    v.check(
      ({ namespaces, workloads, addresses = [] }) =>
        namespaces !== undefined || workloads !== undefined || addresses.length > 0,
      "a zone needs `namespaces`, `workloads` or `addresses`",
    ),
  );
}

/** The schema of an address or CIDR. */
export function rangeSchema(v: ValibotModule): GenericSchema<unknown, string> {
  return v.pipe(
    v.string(),
    v.check(
      (text) => parseCidr(text) !== undefined || parseAddress(text) !== undefined,
      ({ input }) => `${shown(input)} is no address range: write it like \`10.0.0.0/8\``,
    ),
  );
}
