"""A Scrapy spider that comes to the end named by `-a end=…`, at the shop in $SHOP_URL."""

import os

import scrapy

SHOP = os.environ["SHOP_URL"]


class EndsOddly(scrapy.Spider):
    name = "ends-oddly"
    end = "well"

    def start_requests(self):
        if self.end == "start-raises":
            raise RuntimeError("no list to start from")
        if self.end == "nothing-to-do":
            return
        folder = {"all-500": "500", "all-404": "404"}.get(self.end, "page")
        for number in range(3):
            url = f"{SHOP}/{folder}/{number}"
            if self.end == "unserializable":
                yield scrapy.Request(url, callback=lambda response: self.parse(response))
            else:
                yield scrapy.Request(url)
            if self.end == "start-raises-late":
                raise RuntimeError("the list broke off")

    def parse(self, response):
        if self.end == "callbacks-raise":
            raise ValueError("the page is not as expected")
        yield {"url": response.url}
        if self.end == "raises-after-items":
            raise ValueError("the page ends oddly")
