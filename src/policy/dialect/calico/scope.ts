import type { CalicoEntity, CalicoPolicy, CalicoSelector } from "../../../model/index.ts";

/** The labels that Calico gives to what stands in a namespace (CAL-10). */
export const NAMESPACE_KEY = "projectcalico.org/namespace";
export const SERVICE_ACCOUNT_KEY = "projectcalico.org/serviceaccount";
export const ORCHESTRATOR_KEY = "projectcalico.org/orchestrator";
/** Before the labels of the namespace and of the service account. */
export const NAMESPACE_PREFIX = "pcns.";
export const SERVICE_ACCOUNT_PREFIX = "pcsa.";

/** What one end of a rule selects, as one selector over the labels of CAL-10; `undefined`: it says nothing of labels (CAL-8, CAL-13). */
export function scopeOfEntity(
  { selector, notSelector, namespaceSelector, serviceAccounts }: CalicoEntity,
  namespace: string | undefined,
): CalicoSelector | undefined {
  const isScoped = selector ?? notSelector ?? serviceAccounts;
  const of: CalicoSelector[] = [];
  if (namespaceSelector !== undefined)
    of.push(prefixed(namespaceSelector, NAMESPACE_PREFIX, NAMESPACE_KEY));
  else if (namespace !== undefined && isScoped !== undefined) of.push(inNamespace(namespace));
  if (serviceAccounts !== undefined) {
    const { names, selector: ofAccount } = serviceAccounts;
    if (names.length > 0) of.push(label(SERVICE_ACCOUNT_KEY, names));
    if (ofAccount !== undefined) {
      of.push(prefixed(ofAccount, SERVICE_ACCOUNT_PREFIX, SERVICE_ACCOUNT_KEY));
    }
  }
  if (selector !== undefined) of.push(selector);
  return of.length === 0 ? undefined : { kind: "and", of };
}

/** The endpoints that a policy selects. */
export function scopeOfPolicy({
  namespace,
  selector,
  namespaceSelector,
  serviceAccountSelector,
}: CalicoPolicy): CalicoSelector {
  const of: CalicoSelector[] = [selector];
  if (namespace !== undefined) of.push(inNamespace(namespace));
  if (namespaceSelector !== undefined) {
    of.push(prefixed(namespaceSelector, NAMESPACE_PREFIX, NAMESPACE_KEY));
  }
  if (serviceAccountSelector !== undefined) {
    of.push(prefixed(serviceAccountSelector, SERVICE_ACCOUNT_PREFIX, SERVICE_ACCOUNT_KEY));
  }
  return { kind: "and", of };
}

function inNamespace(name: string): CalicoSelector {
  return label(NAMESPACE_KEY, [name]);
}

function label(key: string, values: readonly string[]): CalicoSelector {
  return { kind: "label", key, operator: "In", values };
}

/** A selector over labels of a namespace or service account; `all()` is whatever has one, `global()` what has none (CAL-8). */
function prefixed(selector: CalicoSelector, prefix: string, key: string): CalicoSelector {
  switch (selector.kind) {
    case "all":
      return { kind: "label", key, operator: "Exists", values: [] };
    case "global":
      return { kind: "not", of: { kind: "label", key, operator: "Exists", values: [] } };
    case "label":
      return { ...selector, key: prefix + selector.key };
    case "not":
      return { kind: "not", of: prefixed(selector.of, prefix, key) };
    default:
      return { kind: selector.kind, of: selector.of.map((each) => prefixed(each, prefix, key)) };
  }
}
