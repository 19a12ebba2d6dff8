import type { GenericSchema } from "valibot";

import { type ValibotModule, exactObject, oneOf, shown } from "../base/index.ts";
import { SEVERITIES, type Severity } from "./finding.ts";

/** What `ringfence.yaml` says of a check: it is off, or its findings have another severity. */
export type CheckSetting = "off" | { readonly severity: Severity };

/** Settings by the ids of checks. */
export type CheckSettings = Readonly<Partial<Record<string, CheckSetting>>>;

/** The schema of the settings of the checks with these ids. */
export function checkSettingsSchema(
  v: ValibotModule,
  ids: readonly string[],
): GenericSchema<unknown, CheckSettings> {
  const setting = v.union(
    [oneOf(v, ["off"]), exactObject(v, { severity: oneOf(v, SEVERITIES) })],
    // YAML 1.1, which Kubernetes reads, takes `off` without quotes for false.
    ({ input }) => `it is ${shown(input)}: write "off", in quotes, or \`{ severity: high }\``,
  );
  return exactObject(v, Object.fromEntries(ids.map((id) => [id, v.exactOptional(setting)])));
}

/** The settings as what assessing takes: another severity, or `off`, by check. */
export function severitiesOf(settings: CheckSettings): Readonly<Record<string, Severity | "off">> {
  const entries = Object.entries(settings).flatMap(([id, setting]) =>
    setting === undefined ? [] : [[id, setting === "off" ? setting : setting.severity] as const],
  );
  return Object.fromEntries(entries);
}
