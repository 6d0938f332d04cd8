"""A Scrapy spider for the demonstration shop: scrapy runspider shop_spider.py -s JOBDIR=shop-job

Items are appended to items.jsonl in SHOP_OUT, else in the JOBDIR, else here. See ../../README.md.
"""

import io
import json
import logging
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet import reactor
from twisted.internet.task import deferLater


def env(name, fallback=None):
    return os.environ.get(name) or fallback


def shop_url():
    dashboard = env("UNSTUCK_URL")
    url = env("SHOP_URL") or (f"{dashboard.rstrip('/')}/demo/shop" if dashboard else "http://127.0.0.1:8099")
    return url.rstrip("/")


def whole(name, fallback, low, high):
    written = env(name, str(fallback))
    if not written.isascii() or not written.isdigit() or not low <= int(written) <= high:
        raise SystemExit(f'{name}: expected a whole number from {low} to {high}, found "{written}".')
    return int(written)


class PatientRetry(RetryMiddleware):
    """Scrapy retries at once; a shop that asks for a pause, or is starting again, needs a moment."""

    def __init__(self, settings):
        super().__init__(settings)
        self.patience = whole("SHOP_PATIENCE_MS", 120_000, 0, 3_600_000) / 1000
        self.away_since = None

    async def process_response(self, request, response, spider):
        self.away_since = None
        if response.status == 429:
            wait = response.headers.get("Retry-After", b"1").decode("latin-1")
            await self.pause(min(int(wait), 60) if wait.isdigit() else 1)
        return super().process_response(request, response, spider)

    async def process_exception(self, request, exception, spider):
        if not self.is_network_trouble(exception):
            return None
        self.away_since = self.away_since or time.monotonic()
        if time.monotonic() - self.away_since >= self.patience:
            return None
        await self.pause(1)
        # Not counted as a try: that the shop is away says nothing about the page.
        return request.replace(dont_filter=True)

    def is_network_trouble(self, exception):
        # Their name and their place changed between the versions of Scrapy.
        known = getattr(self, "exceptions_to_retry", None) or RetryMiddleware.EXCEPTIONS_TO_RETRY
        return isinstance(exception, known)

    async def pause(self, seconds):
        await maybe_deferred_to_future(deferLater(reactor, seconds, lambda: None))


class AppendOnce:
    """Appends items as JSON lines. A page can come again after a kill; its item is not written again."""

    def open_spider(self, spider):
        self.file = open(spider.items_path, "a", encoding="utf-8")

    def process_item(self, item, spider):
        if item["path"] in spider.saved:
            raise DropItem(f"{item['sku']} is saved already")
        self.file.write(json.dumps(item, ensure_ascii=False) + "\n")
        self.file.flush()
        spider.saved.add(item["path"])
        return item

    def close_spider(self, spider):
        self.file.close()


class ShopSpider(scrapy.Spider):
    name = "shop"
    custom_settings = {
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "CONCURRENT_REQUESTS": whole("SHOP_CONCURRENCY", 4, 1, 64),
        "CONCURRENT_REQUESTS_PER_DOMAIN": whole("SHOP_CONCURRENCY", 4, 1, 64),
        "DOWNLOAD_DELAY": whole("SHOP_DELAY_MS", 60, 0, 60_000) / 1000 / whole("SHOP_CONCURRENCY", 4, 1, 64),
        "DOWNLOAD_TIMEOUT": 30,
        "RETRY_TIMES": 5,
        "RETRY_HTTP_CODES": [429, 500, 502, 503, 504],
        "REQUEST_FINGERPRINTER_IMPLEMENTATION": "2.7",
        "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.retry.RetryMiddleware": None, PatientRetry: 550},
        "ITEM_PIPELINES": {AppendOnce: 100},
        **({"JOBDIR": env("UNSTUCK_CHECKPOINT")} if env("UNSTUCK_CHECKPOINT") else {}),
    }

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        spider = super().from_crawler(crawler, *args, **kwargs)
        jobdir = crawler.settings.get("JOBDIR")
        folder = Path(env("SHOP_OUT", jobdir or "."))
        folder.mkdir(parents=True, exist_ok=True)
        spider.items_path = folder / "items.jsonl"
        spider.saved = read_saved(spider.items_path)
        if jobdir:
            spider.start_over_after_kill(Path(jobdir))
        crawler.signals.connect(log_without_buffer, signals.spider_opened)
        return spider

    def start_over_after_kill(self, jobdir):
        """Scrapy saves its queue only when it closes; after a kill the list of seen pages would hide lost ones."""
        seen = jobdir / "requests.seen"
        queue = jobdir / "requests.queue"
        if (queue / "active.json").exists() or not (seen.exists() or queue.exists()):
            return
        aside = jobdir / f"killed-{time.time_ns()}"
        aside.mkdir()
        for path in (seen, queue):
            if path.exists():
                path.rename(aside / path.name)
        self.logger.warning("The last crawl was killed: reading the lists again, %d products are saved", len(self.saved))

    def start_requests(self):
        yield scrapy.Request(shop_url() + "/", self.parse, errback=self.parse_failure)

    async def start(self):
        for request in self.start_requests():
            yield request

    def parse(self, response):
        if not response.css("footer"):
            raise CloseSpider("list_cut_off")
        for link in response.css(".categories a, a.next, a.category"):
            yield response.follow(link, self.parse, errback=self.parse_failure, priority=1)
        for link in response.css("a.product"):
            if path_of(response.urljoin(link.attrib["href"])) not in self.saved:
                yield response.follow(link, self.parse_product, errback=self.parse_failure)

    def parse_product(self, response):
        price = response.css("data.price::attr(value)").get()
        if price is None:
            return self.skip(response.url, "no price, or the page is cut off")
        return {
            "sku": response.css(".sku::text").get(),
            "title": response.css("h1::text").get(),
            "price": float(price),
            "category": response.css("dd.category::attr(data-slug)").get(),
            "path": path_of(response.url),
            "url": response.url,
        }

    def parse_failure(self, failure):
        url = failure.request.url
        if failure.check(HttpError) and path_of(url).startswith("/p/"):
            self.skip(url, f"the shop answered {failure.value.response.status}")
            return
        # Never skipped: everything behind a list would be lost without a word. It goes back to the queue, so that
        # the next start of this JOBDIR tries it again.
        self.logger.error("%s cannot be read: %s", path_of(url), failure.getErrorMessage())
        yield failure.request.replace(dont_filter=True)
        raise CloseSpider("shop_unreachable")

    def skip(self, url, reason):
        self.crawler.stats.inc_value("shop/skipped")
        self.logger.warning("skipped %s: %s", path_of(url), reason)


def log_without_buffer():
    """Without it a SIGTERM that arrives in the middle of a log line is lost: Scrapy's handler logs before it stops,
    Python refuses to enter the buffer of stderr twice, and the handler dies of that. The same as python -u."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
            raw = open(sys.stderr.fileno(), "wb", buffering=0, closefd=False)
            handler.setStream(io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True))


def path_of(url):
    """Below the shop's address, so that a crawl can go on when the shop has moved to another port."""
    path = urlsplit(url).path
    base = urlsplit(shop_url()).path
    return path[len(base) :] if path.startswith(base) else path


def read_saved(path):
    """The paths of the items in the file; half a line, left by a kill, is cut off."""
    if not path.exists():
        return set()
    data = path.read_bytes()
    whole_bytes = data.rfind(b"\n") + 1
    if whole_bytes < len(data):
        os.truncate(path, whole_bytes)
    return {json.loads(line)["path"] for line in data[:whole_bytes].splitlines()}
