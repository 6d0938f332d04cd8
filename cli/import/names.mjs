/** Which words of other systems are which of our fields. Pure. */

import { plain } from "./words.mjs";

/**
 * Our fields, and what others call them; compared without case and punctuation. `likely` names mean other things as well.
 * `tokens`: a name with one of these words in it.
 */
const NAMES = {
  job: {
    sure: `job jobid jobname retailer retailerid retailername portal portalid portalname scanner scannername spider spidername
      scraper scrapername crawler crawlername dagid flowname taskname taskdefinition`,
    likely: `name task flow workflow pipeline script command program project site website source target feed collector spiderid
      flowid deploymentid queue 任务 任务名 任务名称 爬虫 爬虫名称 名称 项目 задача имя название auftrag aufgabe trabajo tarea tarefa
      tâche nom nombre nome ジョブ ジョブ名 작업`,
  },
  externalId: {
    sure: "externalid id runid uuid executionid _id taskid guid",
    likely: "run key number nr no jobrunid instanceid 编号 任务id идентификатор номер 番号",
  },
  state: {
    sure: "state status",
    likely: `runstatus jobstatus laststatus runstate outcome result stateword statustext statename statetype success succeeded
      状态 任务状态 статус состояние zustand estado état statut stato ステータス 状態 상태 durum`,
  },
  startedAt: {
    sure: `startedat starttime started start startdate datestarted starttimestamp startts began beganat begin begintime launchedat
      timestarted runstartedat runstart`,
    likely: `createdat created createtime datecreated createdts timestamp date executedat 开始时间 启动时间 创建时间 начало
      началов времяначала beginn gestartet startzeit inicio inícioem início début 開始時刻 開始日時 시작시간`,
  },
  endedAt: {
    sure: `endedat endtime ended end enddate completedat finishedat finishtime finished finish completed completiontime datedone
      dateended datefinished stoppedat stoptime endts finishts endtimestamp timefinished timeended runendedat runend`,
    likely: `closedat doneat 结束时间 完成时间 конец окончание завершено времяокончания ende beendet endzeit fin término fim 終了時刻 終了日時 종료시간`,
  },
  lastActivityAt: {
    sure: `lastactivityat lastactivity lastheartbeat lastheartbeatat heartbeatat heartbeat lastseen lastseenat lastpingat lastping
      lastlogat`,
    likely:
      "updatedat updatetime lastupdated lastupdate updatedts lastmodified updated modifiedat 更新时间 обновлено",
  },
  pid: { sure: "pid processid ospid jobpid infrastructurepid workerpid 进程id", likely: "process" },
  host: {
    sure: "host hostname machine",
    likely: "server node nodename worker workername 主机 节点 сервер хост",
  },
  extracted: {
    sure: "extracted itemsextracted productsextracted itemsscraped itemscrapedcount itemcount itemscount extractedcount scrapedcount",
    likely:
      "items products records rows results count resultcount rowcount documents pages 数量 结果数 количество anzahl",
    tokens: "extracted scraped collected fetched crawled saved inserted processed stored",
  },
  skipped: {
    sure: "skipped itemsskipped productsskipped skippedcount itemdroppedcount",
    likely: "duplicates dropped 跳过",
    tokens: "skipped dropped duplicates dupes existing",
  },
  total: {
    sure: "total itemstotal totalitems expected totalcount",
    likely: "target size",
    tokens: "expected total",
  },
  checkpoint: { sure: "checkpoint checkpointpath checkpointfile jobdir statefile", likely: "" },
  exitCode: { sure: "exitcode returncode exitstatus rc exitvalue 退出码", likely: "code" },
  error: {
    sure: "error errormessage errormsg exception traceback failurereason errortext stacktrace errordetails",
    likely:
      "message returnmessage reason log output note details statusmessage 错误信息 错误 ошибка fehler erreur",
  },
};

/** @typedef {keyof typeof NAMES} Field */

export const FIELDS = /** @type {Field[]} */ (Object.keys(NAMES));

/** @type {Map<Field, { sure: string[], likely: string[], tokens: string[] }>} */
export const WORDS = new Map(
  FIELDS.map((field) => {
    const {
      sure,
      likely,
      tokens = "",
    } = /** @type {{ sure: string, likely: string, tokens?: string }} */ (NAMES[field]);
    const [a = [], b = [], c = []] = [sure, likely, tokens].map((words) =>
      words.split(/\s+/).filter(Boolean),
    );
    return [field, { sure: a.map(plain), likely: b.map(plain), tokens: c }];
  }),
);

/** Whether others call that field so. @param {string} column @param {Field} field */
export function isNamed(column, field) {
  const name = plain(column);
  const words = WORDS.get(field);
  return words !== undefined && (words.sure.includes(name) || words.likely.includes(name));
}

/** What says when a run was made or queued: its process may have been started later. */
const MADE = /creat|queued|submitted|scheduled|expected|^(?:date|time|timestamp)$|创建/;

/** @param {string} column whose time is taken for the start */
export function isOfCreation(column) {
  return MADE.test(plain(column));
}

/** Columns of which it is looked at whether they say the same twice. @param {string} column */
export function mayIdentify(column) {
  return isNamed(column, "job") || isNamed(column, "externalId");
}
