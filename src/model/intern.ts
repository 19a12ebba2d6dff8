import type { ContainerPort } from "./cluster.ts";
import type { Labels } from "./selector.ts";

/** Makes equal label sets and equal port lists the same object, so that a hundred thousand pods hold a few. */
export interface Interner {
  readonly labels: (labels: Labels) => Labels;
  readonly ports: (ports: readonly ContainerPort[]) => readonly ContainerPort[];
}

/** An empty interner. */
export function createInterner(): Interner {
  const labelSets = new Map<string, Labels>();
  const portLists = new Map<string, readonly ContainerPort[]>();
  return {
    labels: (labels) => {
      const keys = Object.keys(labels);
      if (keys.length > 1) keys.sort();
      let key = "";
      for (const name of keys) key += `${name}\n${labels[name]!}\n`;
      const known = labelSets.get(key);
      if (known !== undefined) return known;
      labelSets.set(key, labels);
      return labels;
    },
    ports: (ports) => {
      let key = "";
      for (const { name, protocol, port, container } of ports) {
        key += `${name}/${protocol}/${port}/${container},`;
      }
      const known = portLists.get(key);
      if (known !== undefined) return known;
      portLists.set(key, ports);
      return ports;
    },
  };
}
