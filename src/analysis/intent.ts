import type { ExactOptionalSchema, GenericSchema } from "valibot";

import {
  type ValibotModule,
  exactObject,
  nearest,
  parseAddress,
  parseCidr,
  shown,
  union,
} from "../base/index.ts";
import { ALL_TRAFFIC, type Traffic, parseTraffic } from "../policy/index.ts";
import { type SelectorSection, selectorSchema } from "./selector-section.ts";

/** An expected connectivity statement of `ringfence.yaml`. Exactly one of `allow`, `deny` and `only` is there. */
export interface Intent {
  readonly name?: string;
  readonly reason?: string;
  /** Every `from` reaches every `to` on all of the ports. */
  readonly allow?: IntentSides;
  /** No `from` reaches a `to` on any of the ports. */
  readonly deny?: IntentSides;
  /** Nothing but `from` reaches a `to` on any of the ports. */
  readonly only?: IntentSides;
}

/** Whom a statement is about; without `ports` it is about all traffic. */
export interface IntentSides {
  readonly from: EndSection;
  readonly to: EndSection;
  /** As the contract writes traffic: `tcp/8443`, `udp/53-60`, `tcp`, `icmp/8`. */
  readonly ports?: readonly string[];
}

/** One end, or any of several. */
export type EndSection = SingleEnd | readonly SingleEnd[];

/** An id of the contract, an address, a CIDR, `outside` or `any`; or what labels choose. */
export type SingleEnd = string | SelectedEnd;

/** Pods of a namespace by its name, of a zone, or by labels. */
export interface SelectedEnd {
  readonly namespace?: string;
  readonly zone?: string;
  readonly namespaces?: SelectorSection;
  readonly pods?: SelectorSection;
}

/** The kinds of statement. */
export const INTENT_KINDS = ["allow", "deny", "only"] as const;

/** One of `INTENT_KINDS`. */
export type IntentKind = (typeof INTENT_KINDS)[number];

/** The kind of a statement and its sides. */
export function statementOf(intent: Intent): { readonly kind: IntentKind } & IntentSides {
  const kind = INTENT_KINDS.find((each) => intent[each] !== undefined)!;
  return { kind, ...intent[kind]! };
}

/** The traffic that a statement is about. */
export function trafficOfPorts(ports: readonly string[] | undefined): Traffic {
  if (ports === undefined) return ALL_TRAFFIC;
  return ports.reduce<Traffic>((all, text) => {
    const traffic = parseTraffic(text);
    return typeof traffic === "string" ? all : union(all, traffic);
  }, []);
}

/** The name of an intent: its own, or what it says. */
export function nameOfIntent(intent: Intent): string {
  if (intent.name !== undefined) return intent.name;
  const { kind, from, to, ports } = statementOf(intent);
  const on = ports === undefined ? "" : ` on ${ports.join(", ")}`;
  return kind === "only"
    ? `only ${endText(from)} reaches ${endText(to)}${on}`
    : `${kind} ${endText(from)} → ${endText(to)}${on}`;
}

/** An end in words. */
export function endText(end: EndSection): string {
  if (typeof end === "string") return end;
  if (isList(end)) return end.map(endText).join(", ");
  const { zone, namespace, namespaces, pods } = end;
  if (zone !== undefined) return `zone ${zone}`;
  const where =
    namespace !== undefined
      ? `namespace ${namespace}`
      : namespaces === undefined
        ? ""
        : `namespaces ${JSON.stringify(namespaces)}`;
  const which = pods === undefined ? "" : `pods ${JSON.stringify(pods)}`;
  return [where, which].filter((text) => text !== "").join(" ");
}

/** The single ends of an end. */
export function singleEnds(end: EndSection): readonly SingleEnd[] {
  return isList(end) ? end : [end];
}

function isList(end: EndSection): end is readonly SingleEnd[] {
  return Array.isArray(end);
}

/** The schema of an intent. */
export function intentSchema(v: ValibotModule): GenericSchema<unknown, Intent> {
  const sides = (
    about: string,
  ): ExactOptionalSchema<GenericSchema<unknown, IntentSides>, undefined> =>
    v.exactOptional(v.pipe(sidesSchema(v), v.description(about)));
  return v.pipe(
    exactObject(v, {
      name: v.exactOptional(v.pipe(v.string(), v.description("how results call it"))),
      reason: v.exactOptional(v.pipe(v.string(), v.description("why it is so"))),
      allow: sides("every `from` reaches every `to` on all of the ports"),
      deny: sides("no `from` reaches a `to` on any of the ports"),
      only: sides("nothing but `from` reaches a `to` on any of the ports"),
    }),
    v.check(
      (intent) => INTENT_KINDS.filter((kind) => intent[kind] !== undefined).length === 1,
      "an intent has exactly one of `allow`, `deny` and `only`",
    ),
  );
}

function sidesSchema(v: ValibotModule): GenericSchema<unknown, IntentSides> {
  const port = v.pipe(
    v.string(({ input }) => `a port is text like \`tcp/8443\`, not ${shown(input)}`),
    v.check(
      (text) => typeof parseTraffic(text) !== "string",
      ({ input }) => String(parseTraffic(input)),
    ),
  );
  return exactObject(v, {
    from: endSchema(v),
    to: endSchema(v),
    ports: v.exactOptional(
      v.pipe(
        v.array(port),
        v.minLength(1, "no port: name one, or leave `ports` out for all traffic"),
        v.description("`tcp/8443`, `udp/53-60`, `tcp`, `icmp/8`, `all`; without it all traffic"),
      ),
    ),
  });
}

function endSchema(v: ValibotModule): GenericSchema<unknown, EndSection> {
  const text = v.pipe(
    v.string(),
    v.check(
      (name) => faultOfEnd(name) === undefined,
      ({ input }) => faultOfEnd(input) ?? "",
    ),
  );
  const selected = v.pipe(
    exactObject(v, {
      namespace: v.exactOptional(v.string()),
      zone: v.exactOptional(v.string()),
      namespaces: v.exactOptional(selectorSchema(v)),
      pods: v.exactOptional(selectorSchema(v)),
    }),
    v.check(
      isOneEnd,
      "an end has `zone` alone, or `namespace` or `namespaces`, with or without `pods`",
    ),
  );
  const single = v.union([text, selected], noEnd);
  const list = v.pipe(v.array(single), v.minLength(1, "an end that is a list needs an item"));
  return v.union([text, list, selected], noEnd);
}

function noEnd({ input }: { readonly input: unknown }): string {
  return `${shown(input)} is no end: ${END_HINT}`;
}

function isOneEnd({ namespace, zone, namespaces, pods }: SelectedEnd): boolean {
  const where = [namespace, namespaces].filter((each) => each !== undefined).length;
  if (zone !== undefined) return where === 0 && pods === undefined;
  return where < 2 && (where === 1 || pods !== undefined);
}

const END_HINT =
  "write NAMESPACE/KIND/NAME, node/NAME, an address, a CIDR, `outside`, `any` or {namespace: NAME}";
const WORDS = ["any", "outside", "own-node", "other-nodes"];

/** What is wrong with the text of an end, before anybody looks whether it exists. */
function faultOfEnd(name: string): string | undefined {
  if (WORDS.includes(name) || parseAddress(name) !== undefined) return undefined;
  if (parseCidr(name) !== undefined || /^node\/[^/]+$/u.test(name)) return undefined;
  if (/^[^/\s]+\/[A-Z][^/\s]*\/[^/\s]+$/u.test(name)) return undefined;
  const [near] = nearest(name, WORDS);
  const hint = near === undefined ? END_HINT : `did you mean \`${near}\`?`;
  return `${shown(name)} is no end: ${hint}`;
}
