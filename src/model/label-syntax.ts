import { isRaw, shown } from "./raw.ts";
import type { Labels } from "./selector.ts";

/** What is wrong with a label key by the API's rules (a qualified name), or `undefined`. */
export function faultOfLabelKey(key: string): string | undefined {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  const prefix = slash === -1 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > 253 || !SUBDOMAIN.test(prefix))) {
    return `label key ${shown(key)} has a prefix that is no DNS name`;
  }
  if (name.length > 63 || !LABEL.test(name)) {
    return `label key ${shown(key)} is invalid: at most 63 of letters, digits, \`-\`, \`_\`, \`.\``;
  }
  return undefined;
}

/** What is wrong with a label value by the API's rules, or `undefined`. */
export function faultOfLabelValue(value: unknown): string | undefined {
  if (typeof value !== "string") {
    return `label value ${shown(value)} must be text: put it in quotes`;
  }
  if (value === "" || (value.length <= 63 && LABEL.test(value))) return undefined;
  return `label value ${shown(value)} is invalid: at most 63 of letters, digits, \`-\`, \`_\`, \`.\``;
}

/** Whether a name is one that the API takes: a DNS subdomain. */
export function isName(name: string): boolean {
  return name.length <= 253 && SUBDOMAIN.test(name);
}

/** Whether a name is nearly one that the API takes, so that it can stand in an id without being taken for something else. */
export function isUsableName(name: string): boolean {
  return name.length <= 253 && /^[-A-Za-z0-9_.]+$/u.test(name);
}

/** The faults of raw labels, each with its key; nothing is wrong with absent ones. */
export function faultsOfLabels(raw: unknown): readonly { key: string; text: string }[] {
  if (raw === undefined || raw === null) return [];
  if (!isRaw(raw)) return [{ key: "", text: `labels must be an object, not ${shown(raw)}` }];
  const faults: { key: string; text: string }[] = [];
  for (const [key, value] of Object.entries(raw)) {
    // The API server decodes null into the empty text.
    const text = faultOfLabelKey(key) ?? (value === null ? undefined : faultOfLabelValue(value));
    if (text !== undefined) faults.push({ key, text });
  }
  return faults;
}

/** Raw labels without those that are faulty. */
export function readableLabels(raw: unknown): Labels {
  if (!isRaw(raw)) return {};
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (faultOfLabelKey(key) !== undefined) continue;
    if (value === null) labels[key] = "";
    else if (typeof value === "string" && faultOfLabelValue(value) === undefined) {
      labels[key] = value;
    }
  }
  return labels;
}

/** A port name by RFC 6335 (IANA_SVC_NAME): at most 15 lower case letters, digits and single hyphens, at least one letter. */
export function isPortName(name: string): boolean {
  return name.length <= 15 && PORT_NAME.test(name);
}

const LABEL = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/u;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/u;
const PORT_NAME = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/u;
