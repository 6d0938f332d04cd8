import { EXIT, Refusal } from "../exit-codes.mjs";

/**
 * Each script asks the command itself what fits, so it never grows old. What was typed is handed over as arguments, never
 * evaluated: a half-typed $(rm …) must not run because Tab was pressed.
 *
 * @type {Record<string, string>}
 */
const SCRIPTS = {
  bash: `# bash completion for unstuck; in ~/.bashrc:  source <(unstuck completion bash)
_unstuck() {
  local line
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    [ -n "$line" ] && COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "\${#COMPREPLY[@]}" -eq 0 ] && [ "\${COMP_WORDS[1]}" = import-runs ]; then
    compopt -o default
  fi
}
complete -F _unstuck unstuck
`,
  zsh: `#compdef unstuck
# zsh completion for unstuck; in ~/.zshrc:  source <(unstuck completion zsh)
_unstuck() {
  local -a found
  local line
  while IFS= read -r line; do
    [[ -n "$line" ]] && found+=("\${\${line//:/\\\\:}/$'\\t'/:}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe unstuck found
  elif [[ "\${words[2]}" == import-runs ]]; then
    _files
  fi
}
if [[ "\${funcstack[1]}" == _unstuck ]]; then
  _unstuck "$@"
else
  compdef _unstuck unstuck
fi
`,
  fish: `# fish completion for unstuck; in ~/.config/fish/config.fish:  unstuck completion fish | source
function __unstuck_complete
  set -l words (commandline -opc)
  $words[1] __complete $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c unstuck -e
complete -c unstuck -n 'not __fish_seen_subcommand_from import-runs' -f
complete -c unstuck -a '(__unstuck_complete)'
`,
};

/** @type {import("../program.mjs").Verb} */
export async function run({ screen }, { args: [shell = ""] }) {
  const script = SCRIPTS[shell];
  if (script === undefined) throw new Refusal(EXIT.usage, `Expected bash, zsh or fish, found "${shell}".`);
  screen.out.write(script);
  return 0;
}
