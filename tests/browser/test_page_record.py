"""The page record, which watches every browser test, finds the faults that it is for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.page_record import PageRecord


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    """A separate context, so that its faults do not fail this test."""
    return browser.new_context()


def test_a_request_to_an_outside_host_fails_the_check(context: BrowserContext) -> None:
    record = PageRecord()
    record.watch(context)
    page = context.new_page()
    with page.expect_event("requestfailed"):
        page.evaluate("fetch('http://photos.example/cat.jpg').catch(() => {})")
    with pytest.raises(pytest.fail.Exception, match=r"photos\.example"):
        record.check()


def test_a_websocket_to_an_outside_host_fails_the_check(context: BrowserContext) -> None:
    record = PageRecord()
    record.watch(context)
    page = context.new_page()
    with page.expect_websocket():
        page.evaluate("void new WebSocket('ws://photos.example/')")
    with pytest.raises(pytest.fail.Exception, match=r"photos\.example"):
        record.check()


def test_an_uncaught_error_fails_the_check(context: BrowserContext) -> None:
    record = PageRecord()
    record.watch(context)
    page = context.new_page()
    with context.expect_event("weberror"):
        page.evaluate("void setTimeout(() => { throw new Error('developer spilt') })")
    with pytest.raises(pytest.fail.Exception, match="developer spilt"):
        record.check()


def test_this_machine_and_data_urls_pass_the_check(context: BrowserContext, compare_url: str) -> None:
    record = PageRecord()
    record.watch(context)
    page = context.new_page()
    page.goto(compare_url)
    page.evaluate("fetch('data:text/plain,grey')")
    record.check()
