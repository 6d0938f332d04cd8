import { describe, expect, test } from "vitest";
import { fingerprintOf, lastWordsIn } from "./last-words";

const words = (log: string, ...secrets: string[]) => lastWordsIn(log, secrets);

/** As printed by the program and version named, with other paths; "by hand": in its shape, and not run. */
const LOGS: readonly (readonly [program: string, log: string, lastWords: string])[] = [
  [
    "Python 3.11",
    'page 7\nTraceback (most recent call last):\n  File "/srv/s.py", line 1, in <module>\n    raise ValueError("no price")\nValueError: no price\n',
    "ValueError: no price",
  ],
  [
    "Python, one error while another was handled",
    "Traceback (most recent call last):\n  File \"/srv/s.py\", line 2, in <module>\n    {}['x']\nKeyError: 'x'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"/srv/s.py\", line 4, in <module>\n    raise Banned('403')\n__main__.Banned: 403\n",
    "__main__.Banned: 403",
  ],
  [
    "Python, an exception of another name and of several lines",
    'Traceback (most recent call last):\n  File "/srv/s.py", line 1, in <module>\n    raise Stop("a")\nshop.Stop: the shop is away\nsecond line\n',
    "shop.Stop: the shop is away",
  ],
  [
    "Python, an exception group",
    '  + Exception Group Traceback (most recent call last):\n  |   File "/srv/s.py", line 1, in <module>\n  |     raise ExceptionGroup("two", [ValueError("a")])\n  | ExceptionGroup: two (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | ValueError: a\n    +------------------------------------\n',
    "ValueError: a",
  ],
  [
    "Node 24",
    "/srv/x.js:1\nthrow new TypeError('boom')\n^\n\nTypeError: boom\n    at Object.<anonymous> (/srv/x.js:1:7)\n    at Module._compile (node:internal/modules/cjs/loader:1554:14)\n\nNode.js v24.21.0\n",
    "TypeError: boom",
  ],
  [
    "Node 24 under npm 11",
    "Error: Cannot find module '/srv/gone.js'\n    at node:internal/main/run_main_module:36:49 {\n  code: 'MODULE_NOT_FOUND'\n}\nnpm error Lifecycle script `start` failed with error:\nnpm error code 1\nnpm error path /srv\n",
    "Error: Cannot find module '/srv/gone.js'",
  ],
  ["npm alone", 'npm error Missing script: "start"\n', 'npm error Missing script: "start"'],
  [
    "Java 17",
    'Exception in thread "main" java.lang.IllegalStateException: no shop\n\tat Shop.main(Shop.java:3)\n',
    'Exception in thread "main" java.lang.IllegalStateException: no shop',
  ],
  [
    "Java 17, with what caused it",
    'Exception in thread "main" java.lang.RuntimeException: x\n\tat A.main(A.java:3)\nCaused by: java.io.IOException: reset by peer\n\t... 1 more\n',
    "Caused by: java.io.IOException: reset by peer",
  ],
  [
    "Go 1.19",
    "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/m.go:5 +0x1d\nexit status 2\n",
    "panic: runtime error: index out of range [5] with length 3",
  ],
  [
    "Go, out of memory (by hand)",
    "fatal error: runtime: cannot allocate memory\n\nruntime stack:\n",
    "fatal error: runtime: cannot allocate memory",
  ],
  [
    "Rust, as it was before (by hand)",
    "thread 'main' panicked at src/main.rs:2:5:\nno shop\nnote: run with `RUST_BACKTRACE=1`\n",
    "thread 'main' panicked at src/main.rs:2:5: no shop",
  ],
  [
    "Rust 1.95, which names the thread's number too",
    "\nthread 'main' (18750) panicked at src/main.rs:1:41:\nno shop\nstack backtrace:\n   0: __rustc::rust_begin_unwind\n",
    "thread 'main' (18750) panicked at src/main.rs:1:41: no shop",
  ],
  ["Perl 5.36", "page 7\nno shop at shop.pl line 2.\n", "no shop at shop.pl line 2."],
  [
    "Perl 5.36, while it read a file",
    "no shop at shop.pl line 2, <STDIN> line 5.\n",
    "no shop at shop.pl line 2, <STDIN> line 5.",
  ],
  [
    "Node 24, a promise rejected with a text",
    "node:internal/process/promises:392\n      new UnhandledPromiseRejection(reason);\n      ^\n\nUnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason \"no shop\".\n    at throwUnhandledRejectionsMode (node:internal/process/promises:392:7) {\n  code: 'ERR_UNHANDLED_REJECTION'\n}\n\nNode.js v24.21.0\n",
    'UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "no shop".',
  ],
  [
    "Node 24, a text that is thrown",
    "/srv/x.js:1\nthrow 'no shop'\n^\nno shop\n(Use `node --trace-uncaught ...` to show where the exception was thrown)\n\nNode.js v24.21.0\n",
    "no shop",
  ],
  ["Ruby 3.1", "x.rb:1:in `<main>': no shop (RuntimeError)\n", "x.rb:1:in `<main>': no shop (RuntimeError)"],
  [
    ".NET (by hand)",
    "Unhandled exception. System.InvalidOperationException: no shop\n   at Program.Main()\n",
    "Unhandled exception. System.InvalidOperationException: no shop",
  ],
  [
    "PHP 8.2",
    "PHP Fatal error:  Uncaught Exception: no shop in /srv/x.php:3\nStack trace:\n#0 {main}\n",
    "PHP Fatal error:  Uncaught Exception: no shop in /srv/x.php:3",
  ],
  [
    "Scrapy 2.8.0, whose statistics come after it",
    "2026-08-01 10:00:00 [scrapy.core.scraper] ERROR: Error downloading <GET http://shop/>: DNS\n2026-08-01 10:00:01 [scrapy.statscollectors] INFO: Dumping Scrapy stats:\n{'downloader/exception_type_count/twisted.internet.error.DNSLookupError': 1,\n 'log_count/ERROR': 1}\n2026-08-01 10:00:01 [scrapy.core.engine] INFO: Spider closed (banned)\n",
    "2026-08-01 10:00:00 [scrapy.core.scraper] ERROR: Error downloading <GET http://shop/>: DNS",
  ],
  [
    "Crawlee 3, in colours",
    '\x1b[32mINFO\x1b[39m  CheerioCrawler: Starting\n\x1b[31mERROR\x1b[39m CheerioCrawler: Request failed and reached maximum retries. 403\n\x1b[32mINFO\x1b[39m  CheerioCrawler: Crawl finished. {"requestsFailed":1}\n',
    "ERROR CheerioCrawler: Request failed and reached maximum retries. 403",
  ],
  [
    "pino",
    '{"level":30,"msg":"page 7"}\n{"level":50,"name":"shop","msg":"no price"}\n{"level":30,"msg":"bye"}\n',
    "[shop] ERROR: no price",
  ],
  ["logrus (by hand)", 'time="10:00" level=fatal msg="no shop"\n', 'time="10:00" level=fatal msg="no shop"'],
  [
    "bash 5.2",
    "./run.sh: line 3: scrapyy: command not found\n",
    "./run.sh: line 3: scrapyy: command not found",
  ],
  ["dash", "./run.sh: 3: scrapyy: not found\n", "./run.sh: 3: scrapyy: not found"],
  ["any", "page 7\nerror: no shop\nbye\n", "error: no shop"],
  ["git", "fatal: not a git repository (or any parent)\n", "fatal: not a git repository (or any parent)"],
  ["a progress bar that ends in an error", "10%\r20%\rValueError: no price\r\n", "ValueError: no price"],
];

describe("FR-A14 the last words of a run are told as its program said them:", () => {
  for (const [program, log, said] of LOGS)
    test(program, () => {
      expect(words(log)).toBe(said);
    });

  test("and none are made up where nothing looks like an error", () => {
    const quiet = [
      "",
      "page 7\nall done\n",
      "0 errors, errors: 0\n",
      "{'log_count/ERROR': 1}\n",
      "no error found\n",
      "ERROR: none\n",
      "error: 0, warnings: 2\n",
      "Error: null.\n",
      "result {error: null}\n",
    ];
    for (const log of quiet) expect(words(log)).toBeNull();
  });

  test("and an error that begins with none, null or 0 is one", () => {
    for (const line of [
      "Error: None of the proxies answered",
      "Error: null response from server",
      "error: 0 rows returned",
      "ERROR: 0.5 is no page",
      "Error: falsey value, none expected",
      'level=error error=null msg="no shop"',
    ])
      expect(words(`${line}\nbye\n`)).toBe(line);
  });

  test("secrets are hidden: whole, in an address, and a line of several", () => {
    const key = "-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----";
    expect(words("ValueError: bad key abcdefgh, hunter22", "hunter22", key)).toBe(
      "ValueError: bad key [hidden], [hidden]",
    );
    expect(words("error: http://api/?q=a%2Fb%26c refused", "a/b&c")).toBe(
      "error: http://api/?q=[hidden] refused",
    );
    expect(words("error: postgres://me:word@db/x refused")).toBe("error: postgres://[hidden]@db/x refused");
    expect(words("ValueError: page 1", "1")).toBe("ValueError: page 1");
  });

  test("secrets are hidden as they stand between quotes, in JSON, in Python's repr and in a shell's words", () => {
    const secret = `p\\w"d12`;
    for (const [line, said] of [
      [String.raw`KeyError: 'p\\w"d12'`, "KeyError: '[hidden]'"],
      [String.raw`error: bad value "p\\w\"d12"`, 'error: bad value "[hidden]"'],
      [String.raw`error: bad value "p\w\"d12"`, 'error: bad value "[hidden]"'],
      [String.raw`error: bad value p\w"d12`, "error: bad value [hidden]"],
    ] as const)
      expect(words(line, secret)).toBe(said);
    expect(words(String.raw`error: {"word": "ab\/cd"}`, "ab/cd")).toBe('error: {"word": "[hidden]"}');
    const quoted = String.raw`error: 'it'\''s', 'it\'s', "it's": no`;
    expect(words(quoted, "it's")).toBe("error: '[hidden]', '[hidden]', \"[hidden]\": no");
    const key = '-----BEGIN KEY-----\nabc"defgh\n-----END KEY-----';
    for (const form of [JSON.stringify(key), `'${JSON.stringify(key).slice(1, -1).replaceAll('\\"', '"')}'`])
      expect(words(`ValueError: ${form}`, key)).toMatch(/^ValueError: ["']\[hidden\]["']$/);
    expect(words(String.raw`error: {"word": "p\u00e4ssw\u00f6rt"}`, "pässwört")).toBe(
      'error: {"word": "[hidden]"}',
    );
  });

  test("a long one is cut, and a log without line ends holds nothing up", () => {
    expect(words(`ValueError: ${"x".repeat(5_000)}`)).toHaveLength(300);
    const began = performance.now();
    words("a.b:".repeat(16_000));
    words(": line 1".repeat(8_000));
    words("'error: ".repeat(8_000));
    words(`${"ERROR".repeat(400)}\n`.repeat(30));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("the fingerprint is the shape of the last words", () => {
  const SAME: readonly (readonly [string, string, string])[] = [
    [
      "ValueError: no price in http://shop/a?p=1",
      "ValueError: no price in https://shop/b",
      "ValueError: no price in <url>",
    ],
    ["KeyError: 'a'", "KeyError: 'price'", "KeyError: <text>"],
    ["open /srv/a.json: No such file", "open /data/b/c.json: No such file", "open <path>: No such file"],
    ["2026-08-01 10:00:00,123 ERROR page 7", "2026-09-12 23:59:59,999 ERROR page 1,024", "ERROR page <n>"],
    ["panic: at 0xc000012345 id deadbeef01", "panic: at 0x1 id 0123456789abcdef", "panic: at <hex> id <hex>"],
    [
      "error: job 3f2504e0-4f89-11d3-9a0c-0305e82c3301 gone",
      "error: job 00000000-0000-0000-0000-000000000000 gone",
      "error: job <id> gone",
    ],
  ];
  for (const [one, other, shape] of SAME)
    test(shape, () => {
      expect([fingerprintOf(one), fingerprintOf(other)]).toEqual([shape, shape]);
    });

  test("and others have another", () => {
    expect(fingerprintOf("ValueError: no price")).not.toBe(fingerprintOf("ValueError: no title"));
    expect(fingerprintOf("can't start new thread")).toBe("can't start new thread");
    expect(fingerprintOf("x".repeat(900))).toHaveLength(200);
  });
});
