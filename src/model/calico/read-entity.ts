import { type AddressRange, lastOf, parseCidr } from "../../base/index.ts";
import {
  type Field,
  below,
  complain,
  expectKeys,
  isSet,
  nameOf,
  readItems,
  readObject,
  readText,
} from "../field.ts";
import { shown } from "../raw.ts";
import type { CalicoEntity, CalicoPort } from "./objects.ts";
import { type CalicoSelector, parseCalicoSelector } from "./selector.ts";

const ENTITY_KEYS = [
  "nets",
  "notNets",
  "selector",
  "notSelector",
  "namespaceSelector",
  "ports",
  "notPorts",
  "serviceAccounts",
  "services",
];

/** Reads one end of a rule (CAL-8, CAL-9, CAL-12). */
export function readEntity(field: Field): CalicoEntity {
  readObject(field);
  expectKeys(field, ENTITY_KEYS);
  const entity: CalicoEntity = {
    nets: readNets(below(field, "nets")),
    notNets: readNets(below(field, "notNets")),
    selector: readCalicoSelector(below(field, "selector")),
    notSelector: readCalicoSelector(below(field, "notSelector")),
    namespaceSelector: readCalicoSelector(below(field, "namespaceSelector"), true),
    serviceAccounts: readServiceAccounts(below(field, "serviceAccounts")),
    services: readServices(below(field, "services")),
    ports: readPorts(below(field, "ports")),
    notPorts: readPorts(below(field, "notPorts")),
  };
  if (entity.notNets?.some(isWhole) === true) {
    complain(
      below(field, "notNets"),
      "`notNets` with every address matches nothing: it is refused",
    );
  }
  if (entity.services !== undefined) {
    const beside = [
      "selector",
      "notSelector",
      "namespaceSelector",
      "serviceAccounts",
      "nets",
      "notNets",
      "ports",
      "notPorts",
    ].filter((key) => isSet(below(field, key)));
    if (beside.length > 0) complain(field, `\`services\` cannot stand beside \`${beside[0]}\``);
  }
  return entity;
}

function isWhole({ family, first, last }: AddressRange): boolean {
  return first === 0n && last === lastOf(family);
}

/** Ranges need a prefix length (CAL-9). An empty list is none. */
function readNets(field: Field): readonly AddressRange[] | undefined {
  const items = readItems(field);
  if (items.length === 0) return undefined;
  return items.flatMap((item) => {
    const text = readText(item);
    const range = text?.includes("/") === true ? parseCidr(text) : undefined;
    if (range === undefined) {
      complain(
        item,
        `${nameOf(item)} is ${shown(item.value)}: write a range such as \`10.0.0.0/8\``,
      );
    }
    return range ?? [];
  });
}

/** A selector; nothing where it is not set or empty. `global()` stands only where `mayBeGlobal` (CAL-11). */
export function readCalicoSelector(field: Field, mayBeGlobal = false): CalicoSelector | undefined {
  const text = readText(field);
  if (text === undefined || text === "") return undefined;
  const selector = parseCalicoSelector(text);
  if ("column" in selector) {
    complain(
      field,
      `cannot read ${nameOf(field)} ${shown(text)}: ${selector.text}, at character ${selector.column}`,
    );
    return undefined;
  }
  if (mayBeGlobal && selector.kind !== "global" && namesGlobal(selector)) {
    complain(field, `${nameOf(field)}: \`global()\` stands alone, without another test`);
  }
  if (!mayBeGlobal && namesGlobal(selector)) {
    complain(
      field,
      `${nameOf(field)}: \`global()\` stands only in the \`namespaceSelector\` of a rule`,
    );
  }
  return selector;
}

function namesGlobal(selector: CalicoSelector): boolean {
  if (selector.kind === "global") return true;
  if (selector.kind === "not") return namesGlobal(selector.of);
  return (selector.kind === "and" || selector.kind === "or") && selector.of.some(namesGlobal);
}

function readServiceAccounts(field: Field): CalicoEntity["serviceAccounts"] {
  if (readObject(field) === undefined) return undefined;
  expectKeys(field, ["names", "selector"]);
  const names = readItems(below(field, "names")).flatMap((item) => readText(item) ?? []);
  const selector = readCalicoSelector(below(field, "selector"));
  return names.length === 0 && selector === undefined ? undefined : { names, selector };
}

/** Without a namespace the rule matches nothing (CAL-12). */
function readServices(field: Field): CalicoEntity["services"] {
  if (readObject(field) === undefined) return undefined;
  expectKeys(field, ["name", "namespace"]);
  const name = readText(below(field, "name"));
  if (name === undefined) complain(field, `${nameOf(field)} needs \`name\``);
  return { name: name ?? "", namespace: readText(below(field, "namespace")) ?? "" };
}

/** `80`, `"80:90"` or a name; a text such as `a:b` is a name (CAL-12). */
function readPorts(field: Field): readonly CalicoPort[] | undefined {
  const items = readItems(field);
  if (items.length === 0) return undefined;
  return items.flatMap((item): readonly CalicoPort[] => {
    const { value } = item;
    const match = /^(\d{1,5})(?::(\d{1,5}))?$/u.exec(typeof value === "number" ? `${value}` : "");
    const text = typeof value === "string" ? /^(\d+)(?::(\d+))?$/u.exec(value) : match;
    if (text === null) {
      if (typeof value === "string" && value !== "") return [{ kind: "name", name: value }];
      complain(
        item,
        `${nameOf(item)} is ${shown(value)}: write a port, \`"80:90"\` or a port name`,
      );
      return [];
    }
    const first = Number(text[1]);
    const last = Number(text[2] ?? text[1]);
    if (first > 65_535 || last > 65_535 || first > last) {
      complain(
        item,
        `${nameOf(item)} is ${shown(value)}: ports are 0 to 65535, the lower one first`,
      );
      return [];
    }
    return [{ kind: "range", first, last }];
  });
}
