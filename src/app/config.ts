import type { GenericSchema, IssuePathItem, RawCheckAction } from "valibot";

import {
  INTENT_KINDS,
  type Intent,
  type Zone,
  intentSchema,
  rangeSchema,
  unknownZone,
  zoneSchema,
} from "../analysis/index.ts";
import {
  type AddressSet,
  type ValibotModule,
  addressSet,
  exactObject,
  oneOf,
  parseRange,
  shown,
} from "../base/index.ts";
import {
  type CheckSettings,
  CONTROLS,
  type Waiver,
  checkSettingsSchema,
  severitiesOf,
  waiverSchema,
} from "../control/index.ts";
import { isRaw } from "../model/index.ts";
import { PROFILES } from "../policy/index.ts";
import type { LintRequest } from "./lint-cluster.ts";
import type { Settings } from "./session.ts";

/** What `ringfence.yaml` holds. Every section is optional. */
export interface Config {
  /** Of the format. */
  readonly version?: 1;
  /** The network engine, by the name of its profile. */
  readonly profile?: string;
  readonly ranges?: {
    readonly pods?: readonly string[];
    readonly nodes?: readonly string[];
    readonly services?: readonly string[];
  };
  /** Globs, relative to the file's folder, of paths that are not read. */
  readonly exclude?: readonly string[];
  readonly checks?: CheckSettings;
  readonly waivers?: readonly Waiver[];
  readonly zones?: readonly Zone[];
  readonly intents?: readonly Intent[];
}

/** A configuration that was read, with the finder of its lines. */
export interface ReadConfig<T = Config> {
  readonly file: string;
  /** The folder that `exclude` is relative to. */
  readonly folder: string;
  readonly value: T;
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** The schema of `ringfence.yaml`. */
export function configSchema(v: ValibotModule): GenericSchema<unknown, Config> {
  return v.pipe(sectionsSchema(v), zoneNames<Config>(v, []));
}

/** What a configuration says of findings, for assessing them; waivers know their lines. */
export function judgementUnder(
  read: ReadConfig | undefined,
): Pick<LintRequest, "severities" | "waivers"> {
  if (read === undefined) return {};
  const { file, value, lineOf } = read;
  const waivers = (value.waivers ?? []).map((waiver, index): Waiver => {
    const line = lineOf(["waivers", index]);
    const origin = { file, line, start: 0, end: 0, format: "line", inside: [] } as const;
    return { ...waiver, place: { origin, path: [] } };
  });
  return { severities: severitiesOf(value.checks ?? {}), waivers };
}

function sectionsSchema(v: ValibotModule): GenericSchema<unknown, Config> {
  const ranges = v.exactOptional(v.array(rangeSchema(v)));
  return exactObject(v, {
    version: v.exactOptional(
      v.pipe(
        v.literal(1, ({ input }) => `version ${shown(input)} is not known: write 1`),
        v.description("of this format: 1"),
      ),
    ),
    profile: v.exactOptional(
      v.pipe(
        oneOf(v, Object.keys(PROFILES)),
        v.description("the network engine; the flag `--profile` wins"),
      ),
    ),
    ranges: v.exactOptional(
      v.pipe(
        exactObject(v, { pods: ranges, nodes: ranges, services: ranges }),
        v.description(
          "where pods, nodes and Services have their addresses; the flags `--pod-cidr` and `--node-cidr` win",
        ),
      ),
    ),
    exclude: v.exactOptional(
      v.pipe(
        v.array(v.pipe(v.string(), v.minLength(1, "a glob must not be empty"))),
        v.description("globs of paths that are not read, relative to the folder of this file"),
      ),
    ),
    checks: v.exactOptional(
      v.pipe(
        checkSettingsSchema(
          v,
          CONTROLS.map(({ id }) => id),
        ),
        v.description("for the id of a check: `off`, or another severity for what it finds"),
      ),
    ),
    waivers: v.exactOptional(
      v.pipe(v.array(waiverSchema(v)), v.description("findings that somebody has accepted")),
    ),
    zones: v.exactOptional(
      v.pipe(v.array(zoneSchema(v)), v.description("parts of the network with a name")),
    ),
    intents: v.exactOptional(
      v.pipe(
        v.array(intentSchema(v)),
        v.description("expected connectivity: what `ringfence test` holds the policies to"),
      ),
    ),
  });
}

/** What `--intents FILE` holds. */
export type IntentsFile = Pick<Config, "version" | "zones" | "intents">;

/** The schema of a file of intents; it may use the zones that are named elsewhere. */
export function intentsSchema(
  v: ValibotModule,
  zones: readonly Zone[],
): GenericSchema<unknown, IntentsFile> {
  const sections: GenericSchema<unknown, IntentsFile> = exactObject(v, {
    version: v.exactOptional(v.literal(1)),
    zones: v.exactOptional(v.array(zoneSchema(v))),
    intents: v.exactOptional(v.array(intentSchema(v))),
  });
  return v.pipe(sections, zoneNames<IntentsFile>(v, zones));
}

/** Zones have different names, and intents name zones that exist; also where something else is wrong. */
function zoneNames<File extends IntentsFile>(
  v: ValibotModule,
  others: readonly Zone[],
): RawCheckAction<File> {
  return v.rawCheck<File>(({ dataset, addIssue }) => {
    for (const { path, message } of zoneProblems(dataset.value, others)) {
      const items = path.map((key) => ({ type: "unknown", origin: "value", key }));
      addIssue({ message, path: items as unknown as [IssuePathItem] });
    }
  });
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function zoneProblems(file: unknown, others: readonly Zone[]): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set(others.map(({ name }) => name));
  for (const [index, { name }] of itemsOf(file, "zones")) {
    if (typeof name !== "string") continue;
    const message = `a zone is called ${shown(name)} already: give each its own name`;
    if (names.has(name)) problems.push({ path: ["zones", index, "name"], message });
    names.add(name);
  }
  for (const { zone, path } of zonesUsed(file)) {
    if (!names.has(zone)) problems.push({ path, message: unknownZone(zone, [...names]) });
  }
  return problems;
}

function zonesUsed(file: unknown): readonly (Pick<Problem, "path"> & { readonly zone: string })[] {
  return itemsOf(file, "intents").flatMap(([index, intent]) =>
    INTENT_KINDS.flatMap((kind) =>
      (["from", "to"] as const).flatMap((side) => {
        const sides = intent[kind];
        const end = isRaw(sides) ? sides[side] : undefined;
        const path = ["intents", index, kind, side];
        const singles: readonly (readonly [readonly (string | number)[], unknown])[] =
          Array.isArray(end)
            ? end.map((single: unknown, item) => [[...path, item, "zone"], single])
            : [[[...path, "zone"], end]];
        return singles.flatMap(([place, single]) =>
          isRaw(single) && typeof single["zone"] === "string"
            ? [{ path: place, zone: single["zone"] }]
            : [],
        );
      }),
    ),
  );
}

/** The objects of a list, with their indexes. */
function itemsOf(
  file: unknown,
  key: string,
): readonly (readonly [number, Readonly<Record<string, unknown>>])[] {
  const list = isRaw(file) ? file[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => (isRaw(item) ? [[index, item] as const] : []));
}

/** The settings of a configuration, where flags do not say otherwise. */
export function settingsUnder(read: ReadConfig | undefined, flags: Settings): Settings {
  if (read === undefined) return flags;
  const { profile, ranges = {}, exclude = [] } = read.value;
  return {
    profile: flags.profile ?? profile,
    podRanges: flags.podRanges ?? rangesOf(ranges.pods),
    nodeRanges: flags.nodeRanges ?? rangesOf(ranges.nodes),
    exclude: exclude.length === 0 ? undefined : { folder: read.folder, globs: exclude },
  };
}

function rangesOf(texts: readonly string[] | undefined): AddressSet | undefined {
  if (texts === undefined) return undefined;
  return addressSet(texts.flatMap((text) => parseRange(text) ?? []));
}
