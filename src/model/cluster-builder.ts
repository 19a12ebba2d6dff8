import type { AddressSet } from "../base/index.ts";
import { type Known, isClusterScoped, lookUpKind } from "./api-kinds.ts";
import type { Cluster } from "./cluster.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { type Found, type Intake, createIntake } from "./intake.ts";
import { addNamespace, declareUsed } from "./namespaces.ts";
import { openList } from "./lists.ts";
import type { Locate, Origin } from "./origin.ts";
import { parseAdminPolicy } from "./parse-admin-policy.ts";
import { parseNetworkPolicy } from "./parse-network-policy.ts";
import { isNoEndpoint, parsePod } from "./parse-pod.ts";
import {
  type Resource,
  parseConfigMap,
  parseEndpointSlice,
  parseIngress,
  parseNamespace,
  parseNode,
  parseService,
  parseServiceAccount,
} from "./parse-resource.ts";
import type { AdminPolicy } from "./policy-objects.ts";
import { type Raw, type Report, isRaw, listOf, textOf } from "./raw.ts";
import { type Controller, type LivePod, type Owner, buildWorkloads } from "./workload-tree.ts";

/** What a cluster is built with. */
export interface ClusterOptions {
  /** Where pods and nodes may have their addresses if they are not known. */
  readonly podRanges?: AddressSet | undefined;
  readonly nodeRanges?: AddressSet | undefined;
  /** Finds lines of fields; called only for what is reported. */
  readonly locate?: Locate;
}

/** Takes objects as they are read, one after the other, and forgets their raw form. */
export interface ClusterBuilder {
  /** Adds one object; a List adds its items. */
  readonly add: (raw: unknown, origin: Origin) => void;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly build: () => Cluster;
}

/** Nested Lists beyond this depth are refused: no tool writes them. */
const MAX_LIST_DEPTH = 8;

/** A builder without any object. */
export function createClusterBuilder(options: ClusterOptions = {}): ClusterBuilder {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const locate: Locate = options.locate ?? (({ file, line }) => ({ file, line }));
  const intake = createIntake(report, locate);
  return {
    report,
    add: (raw, origin) => addObject(intake, raw, origin),
    build: () => finish(intake, diagnostics, options),
  };
}

function addObject(intake: Intake, raw: unknown, origin: Origin): void {
  const fail = (text: string): void =>
    intake.report({ severity: "error", ...intake.locate(origin, []), text, decides: true });
  if (!isRaw(raw)) return fail("an object was expected here: write apiVersion, kind and metadata");
  const items = openList(raw);
  if (items !== undefined) return addItems(intake, items, origin);
  const apiVersion = textOf(raw, "apiVersion");
  const kind = textOf(raw, "kind");
  if (apiVersion === undefined || kind === undefined) {
    return fail("an object needs `apiVersion` and `kind`");
  }
  intake.objects++;
  const metadata = raw["metadata"];
  const name = textOf(metadata, "name");
  if (name === undefined || name === "") return fail(`this ${kind} needs \`metadata.name\``);
  const given = textOf(metadata, "namespace");
  const namespace = isClusterScoped(apiVersion, kind) ? "" : given || "default";
  const known = lookUpKind(apiVersion, kind);
  if (known.kind !== "other" && namespace !== "" && !intake.used.has(namespace)) {
    intake.used.set(namespace, origin);
  }
  const found: Found = { raw, apiVersion, kind, namespace, name, given, origin };
  addKnown(intake, known, found);
}

function addItems(intake: Intake, items: readonly unknown[], origin: Origin): void {
  if (origin.inside.length / 2 >= MAX_LIST_DEPTH) {
    const text = `lists are nested more than ${MAX_LIST_DEPTH} deep: unpack them`;
    intake.report({ severity: "error", ...intake.locate(origin, []), text, decides: true });
    return;
  }
  for (const [index, item] of items.entries()) {
    addObject(intake, item, { ...origin, inside: [...origin.inside, "items", index] });
  }
}

function addKnown(intake: Intake, known: Known, found: Found): void {
  switch (known.kind) {
    case "resource":
      return addResource(intake, known.resource, found);
    case "controller":
      return addController(intake, known.template, found);
    case "retired-controller": {
      const text = `\`${found.apiVersion}\` ${found.kind} is no longer served: write apps/v1 or batch/v1`;
      note(intake, found, "warning", text);
      return addController(intake, known.template, found);
    }
    case "network-policy":
    case "admin-policy":
      return addPolicy(intake, known.kind, found);
    case "retired-policy":
      note(
        intake,
        found,
        "warning",
        `NetworkPolicy \`${found.name}\` of \`${found.apiVersion}\` does nothing: this group is no longer served, write networking.k8s.io/v1`,
      );
      return addOther(intake, found);
    case "unread-policy": {
      const text = `${found.kind} \`${found.name}\` cannot be read: ${known.what}`;
      note(intake, found, "error", text);
      return addOther(intake, found);
    }
    case "other":
      return addOther(intake, found);
  }
}

/** Says something of an object as a whole; an error means that it may decide traffic and could not be read. */
function note(
  intake: Intake,
  { origin }: Found,
  severity: "error" | "warning",
  text: string,
): void {
  const decides = severity === "error";
  intake.report({ severity, ...intake.locate(origin, ["apiVersion"]), text, decides });
}

/** Takes problems with fields of an object; `failed` tells whether there was an error among them. */
function reporter(
  intake: Intake,
  { origin, kind, name }: Found,
): { readonly report: Report; readonly failed: () => boolean } {
  let failed = false;
  const report: Report = (path, text, severity = "error") => {
    if (severity === "error") failed = true;
    intake.report({
      severity,
      ...intake.locate(origin, path),
      text: `${kind} \`${name}\`: ${text}`,
      decides: severity === "error",
    });
  };
  return { report, failed: () => failed };
}

function keyOf({ kind, namespace, name, apiVersion }: Found): string {
  const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}/` : "";
  return `${group}${kind}/${namespace === "" ? "" : `${namespace}/`}${name}`;
}

function addPolicy(intake: Intake, form: "network-policy" | "admin-policy", found: Found): void {
  const { raw, namespace, name, origin, kind } = found;
  const { report, failed } = reporter(intake, found);
  if (form === "network-policy") {
    const policy = parseNetworkPolicy(raw, { namespace, name, origin }, report);
    if (policy === undefined || failed()) return;
    if (intake.duplicates.isFirst(keyOf(found), policy, origin, true)) {
      intake.networkPolicies.push(policy);
    }
    return;
  }
  const place = { kind: kind as AdminPolicy["kind"], name, origin };
  const policy = parseAdminPolicy(raw, place, report);
  if (policy === undefined || failed()) return;
  if (intake.duplicates.isFirst(keyOf(found), policy, origin, true)) {
    intake.adminPolicies.push(policy);
  }
}

function addController(intake: Intake, path: readonly string[], found: Found): void {
  const { raw, namespace, kind, name, origin } = found;
  const { report } = reporter(intake, found);
  let template: unknown = raw;
  for (const step of path) template = isRaw(template) ? template[step] : undefined;
  if (!isRaw(template)) report(path.slice(0, -1), `a ${kind} needs \`${path.join(".")}\``);
  const pod = isRaw(template)
    ? parsePod(template, undefined, { interner: intake.interner, origin, path, report })
    : undefined;
  const owner = ownerOf(raw);
  const controller: Controller = { kind, name, namespace, owner, template: pod, origin };
  if (intake.duplicates.isFirst(keyOf(found), controller, origin, true)) {
    intake.controllers.push(controller);
  }
}

/** The controlling owner, else the first; a node, or a reference without a kind, owns no pod. */
function ownerOf(raw: Raw): Owner | undefined {
  const references = listOf(raw["metadata"], "ownerReferences");
  const controlling = references.find((each) => isRaw(each) && each["controller"] === true);
  const chosen = controlling ?? references[0];
  const [kind, name] = [textOf(chosen, "kind"), textOf(chosen, "name")];
  if (kind === undefined || kind === "" || kind === "Node") return undefined;
  return name === undefined || name === "" ? undefined : { kind, name };
}

function addPod(intake: Intake, found: Found, report: Report): void {
  const { raw, namespace, name, origin } = found;
  const context = { interner: intake.interner, origin, path: [], report };
  const pod = isNoEndpoint(raw) ? undefined : parsePod(raw, name, context);
  const live: LivePod = { namespace, name, owner: ownerOf(raw), pod, origin };
  if (intake.duplicates.isFirst(keyOf(found), live, origin, true)) intake.pods.push(live);
}

function addResource(intake: Intake, resource: string, found: Found): void {
  const { report } = reporter(intake, found);
  if (resource === "Pod") return addPod(intake, found, report);
  const input: Resource = { ...found, report, interner: intake.interner };
  if (resource === "Namespace") return addNamespace(intake, parseNamespace(input), found);
  const { lists } = intake;
  const add = <T>(list: T[], item: T, decides = false): void => {
    if (intake.duplicates.isFirst(keyOf(found), item, found.origin, decides)) list.push(item);
  };
  switch (resource) {
    case "Node":
      return add(lists.nodes, parseNode(input), true);
    case "Service":
      return add(lists.services, parseService(input));
    case "EndpointSlice":
      return add(lists.endpointSlices, parseEndpointSlice(input));
    case "Ingress":
      return add(lists.ingresses, parseIngress(input));
    case "ConfigMap":
      return add(lists.configMaps, parseConfigMap(input));
    default:
      return add(lists.serviceAccounts, parseServiceAccount(input));
  }
}

function addOther(intake: Intake, found: Found): void {
  const { raw, kind, apiVersion, given, name, origin } = found;
  intake.others.push({ kind, apiVersion, namespace: given, name, object: raw, origin });
}

function finish(
  intake: Intake,
  diagnostics: readonly Diagnostic[],
  { podRanges, nodeRanges }: ClusterOptions,
): Cluster {
  const all = [...diagnostics, ...declareUsed(intake)];
  const { lists } = intake;
  return {
    namespaces: new Map([...intake.namespaces].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    workloads: buildWorkloads(intake.controllers, intake.pods),
    nodes: byName(lists.nodes),
    services: byName(lists.services),
    endpointSlices: byName(lists.endpointSlices),
    ingresses: byName(lists.ingresses),
    configMaps: byName(lists.configMaps),
    serviceAccounts: byName(lists.serviceAccounts),
    networkPolicies: byName(intake.networkPolicies),
    adminPolicies: byName(intake.adminPolicies),
    others: intake.others,
    podRanges,
    nodeRanges,
    diagnostics: all.toSorted(compareDiagnostics),
    incomplete: all.some(({ decides }) => decides),
    objects: intake.objects,
  };
}

function byName<T extends { readonly namespace?: string; readonly name: string }>(
  items: readonly T[],
): readonly T[] {
  const key = ({ namespace, name }: T): string => `${namespace ?? ""}/${name}`;
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || (a.text < b.text ? -1 : 1);
}
