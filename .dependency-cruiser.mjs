/**
 * The doors of the house (docs/decisions/0001-rooms-and-doors.md): who may import whom. test/house/doors.processes.test.ts injects a
 * violation of every rule and sees it caught.
 */

const lib = (/** @type {string[]} */ ...rooms) => `^lib/(${rooms.join("|")})/`;

/**
 * A room of lib/ may import only what is named.
 * @param {string} from
 * @param {{ rooms?: string[], packages?: string, node?: boolean, files?: string[], why: string }} may
 */
function room(from, { rooms = [], packages = "", node = false, files = [], why }) {
  const allowed = [`^lib/(${[from, ...rooms].join("|")})/`, ...files];
  if (packages !== "") allowed.push(`^node_modules/(${packages})/`);
  return [
    {
      name: `${from}-imports-only-its-doors`,
      comment: why,
      severity: "error",
      from: { path: lib(from), pathNot: "\\.test\\.tsx?$" },
      to: { pathNot: allowed, dependencyTypesNot: ["core"] },
    },
    ...(node
      ? []
      : [
          {
            name: `${from}-uses-no-node`,
            comment: `${from} runs in the browser too, or must stay pure.`,
            severity: "error",
            from: { path: lib(from), pathNot: "\\.test\\.tsx?$" },
            to: { dependencyTypes: ["core"] },
          },
        ]),
  ];
}

/** They look at the data folder, /proc, /sys and a run's own folder, never at a path that a job names. */
const OURS = [
  "files/[a-z-]+",
  "host/[a-z-]+",
  "folder/[a-z-]+",
  "processes/[a-z-]+",
  "usage/proc-stats",
  "traces/(progress-file|log-lines)",
  "log/[a-z-]+",
  "log-upkeep/[a-z-]+",
  "life/log-growth",
  "watch/limits",
  "launch/(become|by-hand|install-script|launch|spawn-helper|spawner|program-(env|input)|run-secrets|run-user|state-holder)",
  "finding-out/undisturbed",
  "loop/tidy",
  "supervisor",
];

/**
 * The sub-rooms of lib/supervisor, from the ground up: each may import only those named before it. What each is for stands in
 * lib/supervisor/README.md.
 */
const FLOORS = [
  "files",
  "host",
  "processes",
  "folder",
  "usage",
  "traces",
  "log",
  "watch",
  "life",
  "pid-file",
  "log-upkeep",
  "launch",
  "ending",
  "finding-out",
  "outside",
  "loop",
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circles",
      comment: "Two files that need each other are one file, or hide a third.",
      severity: "error",
      from: { pathNot: "^lib/store/generated/" },
      to: { circular: true, pathNot: "^lib/store/generated/" },
    },
    {
      name: "everything-resolves",
      severity: "error",
      from: { pathNot: "^lib/store/generated/" },
      to: { couldNotResolve: true, pathNot: "^(bun:|cloudflare:)" },
    },
    ...room("domain", { why: "The domain is pure: it knows only itself." }),
    ...room("contracts", {
      rooms: ["domain"],
      packages: "zod",
      why: "Wire shapes know the domain's words and Zod.",
    }),
    ...room("config", {
      rooms: ["domain"],
      packages: "zod",
      node: true,
      files: ["^server/listen-config\\.mjs$"],
      why: "Configuration reads the environment, nothing else.",
    }),
    ...room("store", {
      rooms: ["domain", "config"],
      packages: "@prisma|better-sqlite3|@types/better-sqlite3|prisma",
      node: true,
      files: ["^lib/(turns|asking)\\.ts$"],
      why: "Only the store knows Prisma, and it knows nobody above it.",
    }),
    ...room("files", {
      rooms: ["domain"],
      node: true,
      why: "Reading paths that may hang is a process of its own; it knows what it reads, not for whom.",
    }),
    ...room("schedules", {
      rooms: ["domain"],
      packages: "croner",
      why: "When something is due is a question to a calendar and nothing else.",
    }),
    ...room("kinds", { rooms: ["domain"], node: true, why: "A kind is data and pure readers." }),
    ...room("supervisor", {
      rooms: ["domain", "kinds"],
      node: true,
      files: ["^lib/turns\\.ts$"],
      why: "The supervisor will run headless on other machines: no Next, no store, no HTTP.",
    }),
    ...FLOORS.map((floor, index) => ({
      name: `supervisor-${floor}-looks-down`,
      comment:
        "A sub-room of the supervisor knows those below it (lib/supervisor/README.md), never those above.",
      severity: /** @type {const} */ ("error"),
      from: { path: `^lib/supervisor/${floor}/`, pathNot: "\\.test\\.tsx?$" },
      to: {
        path: `^lib/supervisor/(${[...FLOORS.slice(index + 1).map((above) => `${above}/`), "[a-z-]+\\.ts$"].join("|")})`,
      },
    })),
    {
      name: "supervisor-has-no-other-rooms",
      comment: "A new sub-room gets its place in FLOORS, and its line in lib/supervisor/README.md.",
      severity: "error",
      from: {},
      to: { path: `^lib/supervisor/(?!(${FLOORS.join("|")})/)[a-z-]+/` },
    },
    ...room("services", {
      rooms: ["domain", "kinds", "schedules"],
      files: ["^lib/turns\\.ts$"],
      why: "Services name what they need of the types in lib/domain/ports; runtime.ts hands it in.",
    }),
    ...room("auth", {
      rooms: ["domain"],
      packages: "rou3|uqr|openid-client",
      node: true,
      files: ["^lib/slot\\.mjs$"],
      why: "Who asks and what they may do is decided in one place, which knows rules and secrets, and nothing of jobs (docs/decisions/0053-who-asks.md).",
    }),
    ...room("http", {
      rooms: ["domain", "contracts", "services"],
      packages: "zod|rou3",
      node: true,
      files: ["^lib/(runtime|turns)\\.ts$"],
      why: "HTTP translates: schemas in, services called, views out.",
    }),
    ...room("reads", {
      rooms: ["domain", "contracts", "services", "http"],
      packages: "zod",
      files: ["^lib/(runtime|booted|asking|clock|turns)\\.ts$", "^lib/slot\\.mjs$", "^package\\.json$"],
      why: "A read asks a service and makes the view; routes and pages call the same one.",
    }),
    ...room("client", {
      rooms: ["domain", "contracts"],
      packages: "zod|@tanstack|react|nuqs|sonner|@types/react",
      why: "The browser knows contracts and words, no server code.",
    }),
    {
      name: "only-the-store-knows-prisma",
      severity: "error",
      from: { path: "^(api|app|components|lib|server|cli)/", pathNot: ["^lib/store/", "\\.test\\.tsx?$"] },
      to: { path: "^(node_modules/(@prisma|prisma|better-sqlite3)/|lib/store/generated/)" },
    },
    {
      name: "files-are-handed-in-by-boot",
      comment: "Everything else is handed what it needs of it as the type of lib/domain/files.ts.",
      severity: "error",
      from: {
        path: "^(api|app|components|lib|server|cli)/",
        pathNot: ["^lib/files/", "^lib/boot-parts\\.ts$", "\\.test\\.tsx?$"],
      },
      to: { path: "^lib/files/" },
    },
    {
      name: "auth-has-one-door",
      comment:
        "Only lib/auth/auth.ts is imported by others, and made by lib/boot.ts; services get it as ports.",
      severity: "error",
      from: { path: "^(api|app|components|lib|server|cli)/", pathNot: ["^lib/auth/", "\\.test\\.tsx?$"] },
      to: { path: "^lib/auth/(?!auth\\.ts$)" },
    },
    {
      name: "foreign-paths-are-read-elsewhere",
      comment:
        "What other people own may lie where nothing answers (docs/decisions/0020-foreign-paths.md). Files here read only ours.",
      severity: "error",
      from: {
        path: "^lib/(kinds|supervisor|host|chores)/",
        pathNot: [
          "\\.test\\.tsx?$",
          `^lib/(supervisor/(${OURS.join("|")})|host/(doctor-facts|host))\\.(ts|mjs)$`,
        ],
      },
      to: { path: "^(node:)?fs(/promises)?$" },
    },
    {
      name: "writes-touch-no-disk",
      comment:
        "What runs inside a write transaction reads and writes rows, nothing else (docs/decisions/0039-facts-first.md). Only opening, backing up and locking the database need files, and checkpoints a process.",
      severity: "error",
      from: {
        path: "^lib/store/",
        pathNot: [
          "\\.test\\.tsx?$",
          "^lib/store/generated/",
          "^lib/store/(applied-migrations|back-up|checkpoints|instance-lock|migrate|open|private-file)\\.ts$",
          "^lib/store/schema-engine\\.mjs$",
        ],
      },
      to: { path: "^(node:)?(fs|fs/promises|child_process|net|http|https|dns)$" },
    },
    {
      name: "services-share-only-commands",
      comment:
        "The services of a noun call each other and lib/services/commands, which calls none of them (docs/decisions/0040-commands-below-services.md).",
      severity: "error",
      from: { path: "^lib/services/([^/]+)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^lib/services/", pathNot: "^lib/services/($1|commands)/" },
    },
    {
      name: "chores-belong-to-the-process",
      comment:
        "What the process does by itself is begun and ended by boot.ts; a request may only nudge it, through the app.",
      severity: "error",
      from: { path: "^(api|app|components|lib|server|cli)/", pathNot: ["^lib/chores/", "^lib/boot\\.ts$"] },
      to: { path: "^lib/chores/" },
    },
    {
      name: "ports-are-made-once",
      comment:
        "What services ask for is made by boot.ts, with store and clock inside (docs/decisions/0035-repositories-bound-once.md).",
      severity: "error",
      from: {
        path: "^(api|app|components|lib|server|cli)/",
        pathNot: ["^lib/(host|store)/", "^lib/boot\\.ts$", "\\.test\\.tsx?$"],
      },
      to: { path: "^lib/(host/|store/(repositories|bound)\\.ts$)" },
    },
    {
      name: "api-routes-only-translate",
      severity: "error",
      from: { path: "^api/", pathNot: "^api/demo/" },
      to: { pathNot: ["^lib/(domain|contracts|services|http|reads)/", "^api/"] },
    },
    {
      name: "only-our-server-asks-the-api",
      comment:
        "Pages read on the server and call over HTTP (docs/decisions/0041-the-api-in-front-of-next.md).",
      severity: "error",
      from: { pathNot: ["^api/", "^instrumentation\\.ts$", "^app/api/", "\\.test\\.ts$"] },
      to: { path: "^api/" },
    },
    {
      name: "pages-and-parts-are-clients",
      severity: "error",
      from: { path: "^(app|components)/", pathNot: ["^app/api/", "\\.test\\.tsx?$"] },
      to: {
        path: "^(lib|server|scripts|bootstrap)/",
        pathNot: ["^lib/(domain|contracts|client|reads)/"],
      },
    },
    {
      name: "parts-read-nothing-on-the-server",
      comment: "Pages and layouts read for them (docs/decisions/0036-one-read-model.md).",
      severity: "error",
      from: { path: "^(components/|app/)", pathNot: ["/(page|layout)\\.tsx$"] },
      to: { path: "^lib/reads/" },
    },
    {
      name: "ui-parts-know-no-jobs",
      severity: "error",
      from: { path: "^components/ui/" },
      to: { path: "^(lib|app|components/(?!ui/))" },
    },
    {
      name: "server-knows-only-the-slot",
      severity: "error",
      from: { path: "^server/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(lib|app|components|scripts|bootstrap)/", pathNot: "^lib/slot\\.mjs$" },
    },
    {
      name: "cli-is-a-client",
      comment: "The command line knows the API and its contracts, no server code.",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^(lib/(?!(domain|contracts)/)|app|components|server|scripts)" },
    },
    {
      name: "bootstrap-needs-nothing",
      comment:
        "It runs under Nodes that can load nothing else of this project, before anything is installed.",
      severity: "error",
      from: { path: "^bootstrap/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^bootstrap/", dependencyTypesNot: ["core"] },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: {
        pathNot: ["^(test|e2e|bench)/", "^scripts/bench\\.mjs$", "\\.test\\.tsx?$", "test-process\\.ts$"],
      },
      to: { path: ["^(test|e2e|bench)/", "\\.test\\.tsx?$"] },
    },
    {
      name: "examples-stand-alone",
      comment: "They are programs that know nothing of Unstuck.",
      severity: "error",
      from: { path: "^examples/", pathNot: "test" },
      to: { path: "^(lib|app|components|server|scripts|bootstrap|test)/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "lib/store/generated"] },
    exclude: { path: "^\\.next" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
