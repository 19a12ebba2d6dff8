import { type Random, createRandom } from "./random.ts";
import type { RawObject } from "./words.ts";

/** The size of a realistic cluster. */
export interface Size {
  readonly workloads: number;
  readonly policies: number;
  /** Live pods of each workload; 0 gives manifests, without pods. */
  readonly podsPerWorkload: number;
  /** Teams, each with some of the namespaces; 12 if left out, so that in a large cluster each is large. */
  readonly teams?: number;
}

const TEAMS = 12;

/** Applications of one namespace, as teams cut them. */
const PER_NAMESPACE = 20;
const TIERS = ["frontend", "backend", "data"];

/** A cluster as platform teams have them: namespaces of teams, a default deny in most, a policy for each application that needs one. Objects in the order in which they would be applied. */
export function* realisticCluster(seed: number, size: Size): Generator<RawObject> {
  const random = createRandom(seed);
  const namespaces = Math.max(1, Math.ceil(size.workloads / PER_NAMESPACE));
  let policies = size.policies;
  let pods = 0;
  for (let number = 0; number < namespaces; number++) {
    const namespace = `team-${number}`;
    yield namespaceObject(namespace, number, size.teams);
    const here = Math.min(PER_NAMESPACE, size.workloads - number * PER_NAMESPACE);
    for (let index = 0; index < here; index++) {
      const app = `app-${index}`;
      yield workload(random, namespace, app);
      yield service(namespace, app);
      for (let pod = 0; pod < size.podsPerWorkload; pod++) {
        yield* livePod(random, { namespace, app, pod, number: pods++ });
      }
    }
    const share = Math.ceil(policies / (namespaces - number));
    policies -= share;
    for (let index = 0; index < share; index++) {
      yield networkPolicy(random, { namespace, index, here, namespaces, teams: size.teams });
    }
  }
  yield* clusterPolicies();
}

function namespaceObject(name: string, number: number, teams: number = TEAMS): RawObject {
  const labels = { team: `t${number % teams}`, env: number % 3 === 0 ? "prod" : "dev" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function appLabels(app: string): Readonly<Record<string, string>> {
  const tier = TIERS[app.length % TIERS.length]!;
  return { app, "app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "suite", tier };
}

function podTemplate(random: Random, app: string): RawObject {
  return {
    metadata: { labels: appLabels(app) },
    spec: {
      serviceAccountName: app,
      containers: [
        {
          name: "main",
          image: `registry.example/team/${app}:1.${random.below(30)}.0`,
          ports: [
            { name: "http", containerPort: 8080 },
            { name: "metrics", containerPort: 9090 },
          ],
          env: [
            { name: "LOG_LEVEL", value: "info" },
            { name: "REGION", value: "eu-west-1" },
          ],
          resources: {
            requests: { cpu: "100m", memory: "128Mi" },
            limits: { cpu: "500m", memory: "256Mi" },
          },
          readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 10 },
        },
      ],
    },
  };
}

function workload(random: Random, namespace: string, app: string): RawObject {
  const kind = random.chance(80) ? "Deployment" : random.chance(70) ? "StatefulSet" : "DaemonSet";
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: app, namespace, labels: appLabels(app) },
    spec: {
      ...(kind === "DaemonSet" ? {} : { replicas: 2 }),
      selector: { matchLabels: { app } },
      template: podTemplate(random, app),
    },
  };
}

function service(namespace: string, app: string): RawObject {
  const ports = [{ name: "http", port: 80, targetPort: "http" }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app, namespace, labels: { app } },
    spec: { selector: { app }, ports },
  };
}

interface PodPlace {
  readonly namespace: string;
  readonly app: string;
  readonly pod: number;
  readonly number: number;
}

/** A pod as a cluster's dump has it; the first of a workload brings its ReplicaSet. */
function* livePod(random: Random, { namespace, app, pod, number }: PodPlace): Generator<RawObject> {
  const hash = `${app.length}7f9c8`;
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: `${app}-${hash}`,
    uid: "x",
    controller: true,
  };
  if (pod === 0) {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: app,
      uid: "y",
      controller: true,
    };
    yield {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: owner.name, namespace, ownerReferences: [deployment] },
      spec: { replicas: 2, template: podTemplate(random, app) },
    };
  }
  const node = number % 500;
  const ip = `10.${128 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  const template = podTemplate(random, app);
  yield {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${app}-${hash}-${pod}`,
      namespace,
      labels: { ...appLabels(app), "pod-template-hash": hash },
      ownerReferences: [owner],
      annotations: { checksum: `${number}`.repeat(8), note: "x".repeat(1200) },
    },
    spec: { ...(template["spec"] as RawObject), nodeName: `node-${node}` },
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      hostIP: `10.0.${node >> 8}.${node & 255}`,
      conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
        type,
        status: "True",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      })),
    },
  };
}

interface PolicyPlace {
  readonly namespace: string;
  readonly index: number;
  /** Applications of the namespace, and namespaces in all. */
  readonly here: number;
  readonly namespaces: number;
  readonly teams: number | undefined;
}

function networkPolicy(random: Random, place: PolicyPlace): RawObject {
  const { namespace, index } = place;
  const metadata = { name: index === 0 ? "default-deny" : `policy-${index}`, namespace };
  const base = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata };
  if (index === 0) {
    return { ...base, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } };
  }
  if (index === 1) return { ...base, spec: dnsEgress() };
  const app = `app-${random.below(place.here)}`;
  return {
    ...base,
    spec: {
      podSelector: { matchLabels: { app } },
      policyTypes: ["Ingress", "Egress"],
      ingress: random.many(1, 3, () => ({
        from: peers(random, place),
        ports: [ingressPort(random)],
      })),
      egress: random.many(1, 2, () => egressRule(random, place)),
    },
  };
}

function dnsEgress(): RawObject {
  const kubeSystem = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
  const ports = [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ];
  return {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [{ to: [{ namespaceSelector: kubeSystem }], ports }],
  };
}

function peers(
  random: Random,
  { here, namespaces, teams = TEAMS }: PolicyPlace,
): readonly RawObject[] {
  return random.many(1, 2, () => {
    const podSelector = { matchLabels: { app: `app-${random.below(here)}` } };
    if (random.chance(65)) return { podSelector };
    if (random.chance(70)) {
      const name = `team-${random.below(namespaces)}`;
      const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": name } };
      return { namespaceSelector, podSelector };
    }
    return { namespaceSelector: { matchLabels: { team: `t${random.below(teams)}` } } };
  });
}

function ingressPort(random: Random): RawObject {
  if (random.chance(30)) return { port: "http" };
  return random.chance(20) ? { port: 8000, endPort: 8090 } : { protocol: "TCP", port: 8080 };
}

function egressRule(random: Random, place: PolicyPlace): RawObject {
  if (random.chance(80)) return { to: peers(random, place), ports: [{ port: 8080 }] };
  const cidr = `198.51.${random.below(100)}.0/24`;
  return { to: [{ ipBlock: { cidr } }], ports: [{ port: 443 }] };
}

/** What platform teams set for everybody. */
function* clusterPolicies(): Generator<RawObject> {
  yield {
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    metadata: { name: "monitoring" },
    spec: {
      tier: "Admin",
      priority: 10,
      subject: { namespaces: {} },
      ingress: [
        {
          action: "Accept",
          from: [{ namespaces: { matchLabels: { "kubernetes.io/metadata.name": "team-0" } } }],
          protocols: [{ tcp: { destinationPort: { number: 9090 } } }],
        },
      ],
    },
  };
}
