"""Tabs of a real browser."""

from __future__ import annotations

import os
import shutil
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

WAIT_MS = 15_000


def find_chromium() -> str | None:
    """The browser that `CHROMIUM` names, else the one on the path."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class Tab:
    """One open page, by what a person sees of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.message = page.get_by_role("textbox", name="Message", exact=True)
        self.cards = page.locator("article")
        self.notice = page.get_by_role("alert")

    async def say(self, text: str) -> None:
        await self.message.fill(text)
        await self.message.press("Enter")

    def card(self, state: str) -> Locator:
        return self.page.locator(f'article[data-state="{state}"]')

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def shows(self, state: str) -> Locator:
        """The newest card in `state`, once there is one."""
        card = self.card(state).last
        await card.wait_for(timeout=WAIT_MS)
        return card

    async def is_wide(self) -> bool:
        """Whether the page has to be scrolled sideways."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


class Stage:
    """Keeps what went wrong in any tab: console errors, script errors, requests to elsewhere."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []
        self.complaints: list[str] = []

    async def context(self, **options: Any) -> BrowserContext:
        """Another browser profile."""
        context = await self._browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(WAIT_MS)
        context.on("request", self._watch)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self._contexts.append(context)
        return context

    async def tab(self, url: str, context: BrowserContext | None = None, **options: Any) -> Tab:
        page = await (context or await self.context(**options)).new_page()
        await page.goto(url)
        tab = Tab(page)
        await page.locator("#log[aria-busy=false], .sign-in").wait_for(state="attached")
        return tab

    def forgive(self, words: str) -> None:
        """Chromium reports refused requests as errors; a test that provokes them says so."""
        self.complaints = [complaint for complaint in self.complaints if words not in complaint]

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()

    def _watch(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.hostname not in {"127.0.0.1", "localhost"}:
            self.strays.append(request.url)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)
