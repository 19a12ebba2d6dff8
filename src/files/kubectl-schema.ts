import {
  NOT_RESOLVED,
  Schema,
  YAML11_SCHEMA,
  defineScalarTag,
  floatYaml11Tag,
  intYaml11Tag,
  timestampTag,
} from "js-yaml";

const SIGNS = Array.from("+-.0123456789");
const INT = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/u;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u;

/** Plain scalars as sigs.k8s.io/yaml (go-yaml v2) resolves them, which is what kubectl sees: YAML 1.1 without dates, with Go's integers and floats. */
export const KUBECTL_SCHEMA: Schema = kubectlSchema();

function kubectlSchema(): Schema {
  const tags = YAML11_SCHEMA.tags.filter((tag) => tag !== timestampTag);
  const changed = tags.map((tag) => {
    if (tag === intYaml11Tag) {
      return defineScalarTag(tag.tagName, { ...tag, implicitFirstChars: SIGNS, resolve: goInt });
    }
    if (tag === floatYaml11Tag) {
      return defineScalarTag(tag.tagName, { ...tag, implicitFirstChars: SIGNS, resolve: goFloat });
    }
    return tag;
  });
  return new Schema(changed);
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
