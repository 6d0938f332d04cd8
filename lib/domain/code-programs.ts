import {
  allOfIt,
  find,
  interpreter,
  next,
  npm,
  optionsOnly,
  type Reader,
  shell,
  ssh,
  wrapper,
} from "./code-readers";

type Table = readonly (readonly [names: RegExp, reader: Reader])[];

/** Found anywhere in a command. */
export const INTERPRETERS: Table = [
  [/^(?:sh|bash|rbash|dash|ash|zsh|ksh\d*|mksh|yash|fish|csh|tcsh)$/, shell],
  [
    /^(?:python|pypy)[\d.]*$/,
    interpreter({ last: /^-[A-Za-z]*[cm]$/, attached: /^-[A-Za-z]*[cm]./, values: /^-[WX]$/ }),
  ],
  [
    /^(?:node|nodejs|tsx)$/,
    interpreter({
      last: /^(?:-[A-Za-z]*[ep]|--(?:eval|print))$/,
      code: /^(?:-r|--(?:require|import|loader|experimental-loader))$/,
      attached: /^--(?:eval|print|require|import|loader|experimental-loader)=/,
      values: /^(?:-C|--conditions)$/,
    }),
  ],
  [
    /^(?:perl|ruby|jruby)[\d.]*$/,
    interpreter({
      last: /^-(?![IMm])[A-Za-z]*[eE]$/,
      code: /^-[rMmI]$/,
      attached: /^-(?:[rMmI].|[A-Za-z]*[eE].)/,
    }),
  ],
  [/^php[\d.]*$/, interpreter({ last: /^-[rBREf]$/, code: /^-d$/, attached: /^-[rBREfd]./, values: /^-c$/ })],
  [/^(?:lua|luajit)[\d.]*$/, interpreter({ code: /^-[el]$/, attached: /^-[el]./ })],
  [/^(?:ssh|autossh)$/, ssh],
];

/** Found where a command, or a wrapper in it, starts them. */
export const STARTERS: Table = [
  [
    /^(?:Rscript|R|julia|groovy|elixir|osascript)$/,
    interpreter({ last: /^-{1,2}[eE](?:val)?$/, attached: /^-e./ }),
  ],
  [/^g?sed$/, interpreter({ last: /^-[A-Za-z]*[ef]$|^--(?:expression|file)$/ })],
  [/^[gmn]?awk$/, interpreter({ last: /^-[fei]$|^--(?:source|file|include)$/, values: /^-[vF]$/ })],
  [
    /^java$/,
    interpreter({
      last: /^(?:-jar|-m|--module)$/,
      code: /^(?:-cp|-classpath|-p|--class-path|--module-path)$/,
    }),
  ],
  [
    /^(?:bun|deno)$/,
    wrapper({ code: /^(?:-e|--eval|-r|--preload|--import)$/, values: /^(?:-c|--config|--cwd)$/ }),
  ],
  [
    /^(?:pwsh|powershell|sqlite3|duckdb|eval|parallel|watch|make|gmake|just|tmux|screen|expect|at|batch)$/,
    allOfIt,
  ],
  [
    /^(?:psql|mysql|mariadb|clickhouse-client|mongo|mongosh)$/,
    optionsOnly(/^-[A-Za-z]*[ce]|^--(?:command|execute|eval|query|init-command)(?==|$)/),
  ],
  [/^(?:rsync|scp|sftp)$/, optionsOnly(/^(?:-[A-Za-z]*[eSo]|--rsh|--rsync-path)(?==|$)/)],
  [/^git$/, optionsOnly(/^(?:-c|--exec-path|--config-env|--upload-pack|--receive-pack)(?==|$)/)],
  [
    /^g?tar$/,
    optionsOnly(
      /^(?:-[A-Za-z]*I|--to-command|--checkpoint-action|--use-compress-program|--rsh-command)(?==|$)/,
    ),
  ],
  [/^(?:docker|podman|nerdctl)$/, optionsOnly(/^(?:--entrypoint|--volume|-v|--mount)(?==|$)/)],
  [/^(?:g?find|fd|fdfind)$/, find],
  [/^(?:busybox|toybox)$/, next],
  [
    /^(?:su|runuser|sg|script)$/,
    wrapper({
      code: /^(?:-[A-Za-z]*c|--command)$/,
      values: /^(?:-[gGsuwT]|--(?:user|group|shell))$/,
      operands: 1,
    }),
  ],
  [/^flock$/, wrapper({ code: /^(?:-c|--command)$/, values: /^-[wE]$/, operands: 1 })],
  [/^g?env$/, wrapper({ code: /^(?:-[A-Za-z]*S|--split-string)$/, values: /^(?:-[uC]|--(?:unset|chdir))$/ })],
  [/^g?timeout$/, wrapper({ values: /^(?:-[ks]|--(?:kill-after|signal))$/, operands: 1 })],
  [/^(?:nice|ionice)$/, wrapper({ values: /^(?:-[nc]|--adjustment|--class|--classdata)$/ })],
  [/^(?:chrt|taskset|chroot|gosu|su-exec|s6-setuidgid|faketime)$/, wrapper({ operands: 1 })],
  [/^(?:direnv|aws-vault)$/, wrapper({ operands: 1, values: /^-[dt]$/ })],
  [/^(?:sudo|doas)$/, wrapper({ values: /^(?:-[ugUhpCcDrtTR]|--(?:user|group|host|prompt|chdir))$/ })],
  [/^stdbuf$/, wrapper({ values: /^-[ioe]$/ })],
  [
    /^xvfb-run$/,
    wrapper({ values: /^(?:-[efnps]|--(?:error-file|auth-file|server-num|xauth-protocol|server-args))$/ }),
  ],
  [/^(?:strace|ltrace)$/, wrapper({ values: /^-[eoOpPsSuEaIbXl]$/ })],
  [/^(?:npm|npx|pnpm|pnpx|yarn|bunx)$/, npm],
  [
    /^(?:uv|uvx)$/,
    wrapper({
      values:
        /^(?:-p|--(?:with|with-requirements|python|from|extra|group|directory|project|env-file|index))$/,
    }),
  ],
  [/^xargs$/, wrapper({ values: /^-[aEILnPsd]$/ })],
  [/^(?:nohup|setsid|time|exec|command|builtin|caffeinate)$/, wrapper({})],
  [
    /^(?:sshpass|torsocks|proxychains4?|firejail|eatmydata|cpulimit|entr|chpst|systemd-cat)$/,
    wrapper({ guesses: true }),
  ],
];
