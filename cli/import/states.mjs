import { plain, split } from "./words.mjs";

/**
 * What others call our states, in plain letters. Of Airflow, Scrapyd, ScrapydWeb, Crawlab, Prefect, Celery, pg_cron, systemd, and of
 * people. A word that says two things is not here.
 * @type {Record<import("../../lib/contracts/import").ImportRow["state"], string>}
 */
const STATE_WORDS = {
  queued: `queued pending waiting scheduled received assigned new created ready upforretry awaitingretry upforreschedule retry late
    paused suspended enqueued submitted blocked onhold 等待中 等待 排队中 待运行 待处理 在队列 ожидание ожидает вочереди wartend geplant
    wartet enattente pendiente enespera pendente 待機中 대기중 대기 oczekuje beklemede`,
  starting: `starting launching initializing spawning connecting provisioning 启动中 正在启动 запускается startet iniciando 起動中`,
  running: `running active inprogress started processing deferred executing busy working crawling scraping sending retrying ongoing
    运行中 正在运行 进行中 执行中 выполняется работает запущен вработе läuft laufend inbearbeitung encours enejecución enejecucion
    ejecutando emexecução emexecucao executando 実行中 실행중 진행중 wtrakcie çalışıyor`,
  stopping: `stopping restarting shutdown terminating cancelling canceling aborting cancelrequested 停止中 取消中 正在停止
    останавливается wirdbeendet arrêtencours`,
  completed: `completed complete success succeeded successful finished finish done ok passed ended exit0 exitcode0 exitstatus0 rc0
    cached 已完成 完成 成功 已结束 已成功 завершено завершен выполнено успешно успех готово erledigt fertig erfolgreich abgeschlossen
    terminé termine réussi completado terminado exitoso éxito concluído concluido sucesso 完了 完成済み 成功済み 완료 성공 zakończone
    zakończono tamamlandı ✅ ✔ ✓ 🟢`,
  failed: `failed failure fail error errored crashed crash exception upstreamfailed rejected broken unsuccessful faulted panic
    outofmemory oomkilled 失败 错误 异常退出 出错 ошибка сбой неудача неуспешно fehlgeschlagen fehler gescheitert échec echec échoué
    fallido fallo falló falhou falha エラー 失敗 실패 오류 błąd niepowodzenie başarısız hata ❌ ✖ ✗ 🔴`,
  stopped: `stopped stop cancelled canceled cancel aborted abort revoked removed skipped ignored terminated userstopped manuallystopped
    已取消 已停止 取消 停止 已终止 отменено отменен остановлено остановлен abgebrochen gestoppt storniert annulé annule arrêté cancelado
    detenido parado キャンセル 中止 취소 중지 anulowano iptal`,
  timed_out: `timedout timeout expired deadlineexceeded timelimitexceeded 超时 已超时 таймаут zeitüberschreitung délaidépassé expirado
    タイムアウト 시간초과`,
  interrupted: `interrupted killed lost abnormal zombie orphaned disconnected nodelost preempted 异常 中断 已中断 прервано
    unterbrochen interrompu interrumpido interrompido 中断されました`,
  cleaned: `cleaned autocleaned timeoutautocleaned cleanedup reaped 已清理`,
};

const KNOWN = new Map(
  Object.entries(STATE_WORDS).flatMap(([state, words]) =>
    words
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => /** @type {[string, string]} */ ([plain(word), state])),
  ),
);
export const STATES = Object.keys(STATE_WORDS);
export const ACTIVE = ["queued", "starting", "running", "stopping"];

/** How cron and its wrappers say it: `exit 1`, `exit status 2`, `rc=137`, `code -9`. */
const EXIT_WORDS =
  /^(?:exited|exit|exit code|exit status|return code|code|rc|status)(?: with)?[ :=]*\(?(-?\d+)\)?$/i;

/**
 * @param {string} text
 * @param {ReadonlyMap<string, string>} said by `--state-map`, and what the table itself is known to mean
 * @returns {string | undefined} undefined: an unknown word
 */
export function stateOf(text, said) {
  const word = plain(text);
  const known = said.get(word) ?? KNOWN.get(word);
  if (known !== undefined) return known;
  const code = EXIT_WORDS.exec(text.trim().replaceAll(/\s+/g, " "))?.[1];
  return code === undefined ? undefined : stateOfExit(Number(code));
}

/** @param {number} code */
export function stateOfExit(code) {
  return code === 0 ? "completed" : "failed";
}

/**
 * `--state-map theirs=ours`
 * @param {readonly string[]} pairs
 * @returns {{ states: Map<string, string>, problems: string[] }}
 */
export function stateMapOf(pairs) {
  const states = new Map();
  const problems = [];
  for (const pair of pairs) {
    // Their word may have a = in it, ours has not.
    const [theirs = "", ours = ""] = pair.includes("=")
      ? [pair.slice(0, pair.lastIndexOf("=")), pair.slice(pair.lastIndexOf("=") + 1)]
      : split(pair);
    if (!STATES.includes(ours))
      problems.push(`--state-map: expected theirs=ours with one of ${STATES.join(", ")}, found "${pair}".`);
    states.set(plain(theirs), ours);
  }
  return { states, problems };
}
