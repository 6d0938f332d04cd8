/**
 * @param {string} folder
 * @param {number} port
 */
export function configOf(folder, port) {
  return `[supervisord]
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
childlogdir=${folder}/logs
directory=${folder}
minfds=12000
${process.getuid?.() === 0 ? "user=root" : ""}

[inet_http_server]
port=127.0.0.1:${port}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=http://127.0.0.1:${port}

[include]
files = ${folder}/conf.d/*.conf
`;
}

/**
 * @param {import("./adapter.mjs").Spec} spec
 * @param {string} settings
 */
export function programOf({ name, argv }, settings) {
  const command = argv.map((word) => `'${word.replaceAll("%", "%%")}'`).join(" ");
  return `[program:${name}]\ncommand=${command}\n${settings}\n`;
}
