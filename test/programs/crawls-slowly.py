"""A Scrapy spider that goes on for long, without a network."""

import scrapy


class CrawlsSlowly(scrapy.Spider):
    name = "crawls-slowly"
    custom_settings = {"DOWNLOAD_DELAY": 0.05, "TELNETCONSOLE_ENABLED": False}

    def start_requests(self):
        for number in range(100_000):
            yield scrapy.Request(f"data:,{number}", dont_filter=True)

    def parse(self, response):
        yield {"page": response.text}
