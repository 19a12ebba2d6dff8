import { formatRange, isWithin, parseCidr } from "../../src/base/index.ts";
import type { Random } from "./random.ts";
import type { RawObject } from "./words.ts";

/** The objects in another order. */
export function shuffle(objects: readonly RawObject[], random: Random): readonly RawObject[] {
  const left = [...objects];
  return objects.map(() => left.splice(random.below(left.length), 1)[0]!);
}

/** Every CIDR of a rule as its two halves, which say the same together. */
export function halveCidrs(objects: readonly RawObject[]): readonly RawObject[] {
  return objects.map((object) => mapLists(object, halveItem) as RawObject);
}

/** Every label that is set and every selector with other keys and values, the same everywhere. */
export function renameLabels(objects: readonly RawObject[]): readonly RawObject[] {
  return objects.map((object) => renameIn(object) as RawObject);
}

/** A label that no selector names on every object and pod template, with several values. */
export function addLabel(objects: readonly RawObject[]): readonly RawObject[] {
  return objects.map((object, index) => addIn(object, `value-${index % 5}`) as RawObject);
}

/** Replaces the items of every list in a value, from the inside. */
function mapLists(value: unknown, replace: (item: unknown) => readonly unknown[]): unknown {
  if (Array.isArray(value)) {
    // A list of networks has each once: one may be half of another.
    return [...new Set(value.flatMap((item) => replace(mapLists(item, replace))))];
  }
  return mapFields(value, (_, field) => mapLists(field, replace));
}

function mapFields(value: unknown, change: (key: string, field: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, change(key, field)]));
}

interface Block {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** A peer with an ipBlock, or a CIDR in a list of networks. */
function halveItem(item: unknown): readonly unknown[] {
  if (typeof item === "string") return item.includes("/") ? (halvesOf(item) ?? [item]) : [item];
  const { ipBlock } = (item ?? {}) as { readonly ipBlock?: Block };
  if (ipBlock === undefined) return [item];
  return halveBlock(ipBlock).map((half) => ({ ipBlock: half }));
}

/** An except lies in one half; one that is a half takes it away, and two of them would leave no block. */
function halveBlock(block: Block): readonly Block[] {
  const excepts = block.except ?? [];
  const halves = (halvesOf(block.cidr) ?? []).flatMap((cidr): readonly Block[] => {
    const inside = excepts.filter((except) => isWithin([parseCidr(except)!], [parseCidr(cidr)!]));
    if (inside.includes(cidr)) return [];
    return [inside.length > 0 ? { cidr, except: inside } : { cidr }];
  });
  return halves.length > 0 ? halves : [block];
}

/** Nothing for a single address. */
function halvesOf(cidr: string): readonly string[] | undefined {
  const { family, first, last } = parseCidr(cidr)!;
  if (first === last) return undefined;
  const middle = first + (last - first) / 2n;
  return [
    formatRange({ family, first, last: middle }),
    formatRange({ family, first: middle + 1n, last }),
  ];
}

const NAME_LABEL = "kubernetes.io/metadata.name";

function renameIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renameIn);
  return mapFields(value, (key, field) => {
    if (key === "labels" || key === "matchLabels") return renamePairs(field as Labels);
    if (key === "matchExpressions") return (field as readonly Expression[]).map(renameExpression);
    if (/selector$/iu.test(key) && typeof field === "string") return renameText(field);
    return renameIn(field);
  });
}

const TEST =
  /([\w./-]+)\s*(==|!=|not in|in|contains|starts with|ends with)\s*('[^']*'|\{[^}]*\})/gu;

/** A selector of Calico; what its labels begin with stays, as does the part of a value that is looked for. */
function renameText(selector: string): string {
  return selector
    .replaceAll(/has\(([^)]+)\)/gu, (_, key: string) => `has(${renamedInText(key)})`)
    .replaceAll(TEST, (whole, key: string, operator: string, values: string) => {
      if (renamedInText(key) === key) return whole;
      const isPart = operator === "contains" || operator === "starts with";
      const others = isPart
        ? values
        : values.replaceAll(
            /'([^']*)'/gu,
            (_, value: string) =>
              `'${operator === "ends with" ? `${value}-2` : renamePairs({ key: value })[renamed("key")]!}'`,
          );
      return `${renamedInText(key)} ${operator} ${others}`;
    });
}

function renamedInText(key: string): string {
  const [, prefix = "", plain = ""] = /^(pc(?:ns|sa)\.)?(.*)$/u.exec(key)!;
  const isFixed = plain.startsWith("projectcalico.org/") || plain === NAME_LABEL;
  return isFixed ? key : prefix + renamed(plain);
}

type Labels = Readonly<Record<string, string>>;

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function renamePairs(labels: Labels): Labels {
  const entries = Object.entries(labels).map(([key, value]) =>
    key === NAME_LABEL ? [key, value] : [renamed(key), `${value}-2`.replace(/^-/u, "")],
  );
  return Object.fromEntries(entries) as Labels;
}

function renameExpression(expression: Expression): Expression {
  const { key, values } = expression;
  if (key === NAME_LABEL) return expression;
  const others = values?.map((value) => renamePairs({ key: value })[renamed("key")]!);
  return { ...expression, key: renamed(key), ...(others === undefined ? {} : { values: others }) };
}

function renamed(key: string): string {
  return `example.com/${key.replace("/", ".")}`;
}

function addIn(value: unknown, text: string): unknown {
  return mapFields(value, (key, field) => {
    if (key === "metadata") {
      const { labels } = field as { readonly labels?: Labels };
      return { ...(field as RawObject), labels: { ...labels, "example.com/unrelated": text } };
    }
    return key === "spec" || key === "template" ? addIn(field, text) : field;
  });
}
