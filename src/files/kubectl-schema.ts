import {
  NOT_RESOLVED,
  Schema,
  YAML11_SCHEMA,
  binaryTag,
  floatYaml11Tag,
  intYaml11Tag,
  mapTag,
  omapTag,
  pairsTag,
  seqTag,
  setTag,
  strTag,
  timestampTag,
} from "js-yaml";

const SIGNS = Array.from("+-.0123456789");
const INT = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/u;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/u;

/**
 * YAML values as sigs.k8s.io/yaml (go-yaml v2) makes them, which is what kubectl sees: YAML 1.1 without dates, with Go's integers and floats,
 * tags that nobody knows passed over, and no value or key that JSON does not have.
 */
export const KUBECTL_SCHEMA: Schema = kubectlSchema();

/** No word that means anything else than itself is longer than `false`; numbers begin before the letters. */
const LONGEST_WORD = 5;
const A = 65;

const RESOLVERS = resolversByFirst();

/** The value of a scalar without quotes and without a tag. */
export function resolvePlain(text: string): unknown {
  if (text.length > LONGEST_WORD && text.charCodeAt(0) >= A) return text;
  const resolvers = RESOLVERS.get(text.charAt(0));
  if (resolvers === undefined) return text;
  for (const { resolve, tagName } of resolvers) {
    const value: unknown = resolve(text, false, tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}

/** What is said of a key that is a list or an object; where it stands, js-yaml does not tell. */
export const COMPLEX_KEY = "a key is a list or an object, which kubectl refuses: put it in quotes";

function kubectlSchema(): Schema {
  const map = { ...mapTag, addPair };
  const seq = { ...seqTag, addItem };
  const changed = new Map<unknown, Schema["tags"][number]>([
    [intYaml11Tag, { ...intYaml11Tag, implicitFirstChars: SIGNS, resolve: goInt }],
    [floatYaml11Tag, { ...floatYaml11Tag, implicitFirstChars: SIGNS, resolve: goFloat }],
    [binaryTag, { ...binaryTag, resolve: decodedText }],
    [mapTag, map],
    [seqTag, seq],
  ]);
  const without = new Set<unknown>([timestampTag, setTag, omapTag, pairsTag]);
  const tags = YAML11_SCHEMA.tags.filter((tag) => !without.has(tag));
  // Every other tag, `!Ref` or `!!timestamp`, is as good as none.
  const other = { tagName: "", matchByTagPrefix: true };
  return new Schema([
    ...tags.map((tag) => changed.get(tag) ?? tag),
    { ...strTag, ...other },
    { ...seq, ...other },
    { ...map, ...other },
  ]);
}

type ScalarTag = Extract<Schema["tags"][number], { readonly nodeKind: "scalar" }>;

/** What may make more of a plain scalar than a text, by its first character. */
function resolversByFirst(): ReadonlyMap<string, readonly ScalarTag[]> {
  const byFirst = new Map<string, ScalarTag[]>();
  for (const tag of KUBECTL_SCHEMA.tags) {
    if (tag.nodeKind !== "scalar" || !tag.implicit) continue;
    if (tag.implicitFirstChars === null) throw new Error(`${tag.tagName} may begin with anything`);
    for (const first of tag.implicitFirstChars) {
      const list = byFirst.get(first);
      if (list === undefined) byFirst.set(first, [tag]);
      else list.push(tag);
    }
  }
  return byFirst;
}

const NO_JSON = "kubectl refuses `.inf` and `.nan`, JSON has no such number: put it in quotes";

const LARGE_KEY = "a key is a number beyond 2^53, which is not exact here: put it in quotes";

function addPair(into: Record<string, unknown>, key: unknown, value: unknown): string {
  if (key === null) return "a key is null, which kubectl refuses: put it in quotes";
  if (typeof key === "object") return COMPLEX_KEY;
  if (Number.isInteger(key) && !Number.isSafeInteger(key)) return LARGE_KEY;
  if (isNoJson(key) || isNoJson(value)) return NO_JSON;
  return mapTag.addPair(into, key, value);
}

function addItem(into: unknown[], item: unknown): string {
  if (isNoJson(item)) return NO_JSON;
  into.push(item);
  return "";
}

function isNoJson(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function goInt(text: string): number | typeof NOT_RESOLVED {
  const plain = text.replaceAll("_", "");
  if (!INT.test(plain)) return NOT_RESOLVED;
  const digits = plain.replace(/^[-+]/u, "").replace(/^0(?=[0-7])/u, "0o");
  const value = Number(digits);
  return plain.startsWith("-") && value !== 0 ? -value : value;
}

function goFloat(text: string): number | typeof NOT_RESOLVED {
  const special = /^([-+]?)\.(?:inf|Inf|INF)$/u.exec(text);
  if (special !== null) return special[1] === "-" ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/u.test(text)) return Number.NaN;
  const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
  const value = FLOAT.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : NOT_RESOLVED;
}

function decodedText(text: string): string | typeof NOT_RESOLVED {
  const plain = text.replaceAll(/\s/gu, "");
  return BASE64.test(plain) && plain.length % 4 === 0
    ? Buffer.from(plain, "base64").toString("utf8")
    : NOT_RESOLVED;
}
