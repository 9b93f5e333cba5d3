"""What people see, as pages that need nothing else, and pictures of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from browser.stage import find_chromium
from playwright.async_api import async_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at: `name` becomes a file's name, `html` is what a platform's drawing made of it."""

    name: str
    html: str


def page(css: str, *bodies: str) -> str:
    """A whole page; it may not fetch anything."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><meta charset=utf-8><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<style>{css}</style>{''.join(f'<main>{body}</main>' for body in bodies)}"
    )


def write(looks: Iterable[Look], css: str, folder: Path) -> list[Path]:
    """Write a page for each look, and all of them one below the other as `all.html`."""
    looks = list(looks)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all.html").write_text(page(css, *(f"<h6>{escape(look.name)}</h6>{look.html}" for look in looks)))
    paths = [folder / f"{look.name}.html" for look in looks]
    for path, look in zip(paths, looks, strict=True):
        path.write_text(page(css, look.html))
    return paths


async def shoot(pages: Iterable[Path], *, width: int = 760) -> None:
    """Take a picture of each page, beside it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        tab = await browser.new_page(viewport={"width": width, "height": 200})
        for path in pages:
            await tab.goto(path.as_uri())
            await tab.locator("main").screenshot(path=path.with_suffix(".png"))
        await browser.close()
