"""What every answer carries, and what is refused before a route is reached."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chat.web.scripted import House, job_of, message_of, open_house

from adapters.chat.web.guards import Site
from adapters.chat.web.sessions import MAX_AGE_S, new_session
from bot.commands import JobView
from bot.model import Act, JobState
from bot.rights import may

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_nobody_but_the_person_may_press_anything_on_the_page() -> None:
    mine, others = new_session().origin(), new_session().origin()
    assert [act for act in Act if may(act, others, message_of(mine.account, job_of()), owner=False)] == []


async def test_every_answer_carries_the_policy_errors_included(house: House) -> None:
    visitor = await house.visitor()
    job = job_of(state=JobState.SUCCEEDED, file=f"{job_of().id}.png", media_type="image/png")
    house.own(visitor, JobView(job, 100, None))
    house.shelf.add(f"{job.id}.png")
    answers = [
        await visitor.get("/"),
        await visitor.get("/login"),
        await visitor.get("/static/limner.js"),
        await visitor.get("/static/limner.css"),
        await visitor.get("/static/limner.svg"),
        await visitor.get("/static/nothing.js"),
        await visitor.get("/healthz"),
        await visitor.get("/readyz"),
        await visitor.get("/api/cards"),
        await visitor.get("/api/me"),
        await visitor.get("/api/menu"),
        await visitor.get(f"/api/jobs/{job.id}"),
        await visitor.get(f"/media/{job.id}.png"),
        await visitor.get(f"/media/{job.id}.png", Range="bytes=0-3"),
        await visitor.get(f"/media/{job.id}.png", Range="bytes=9999999-"),
        await visitor.get("/media/nothing.png"),
        await visitor.get("/nowhere"),
        await visitor.get("/", Host="evil.example"),
        await visitor.request("DELETE", "/api/me", headers={"X-CSRF-Token": visitor.token}),
        await visitor.request("HEAD", "/"),
        await visitor.request("POST", "/api/messages"),
        await visitor.say("/imagine a red fox"),
        await visitor.post("/api/messages", data={"text": "x" * 70_000}),
        await visitor.post("/api/messages", data=b"", headers={"Expect": "nonsense"}),
    ]
    async with visitor.http.get(f"{visitor.base}/api/events") as stream:
        headers = [answer.headers for answer in answers] + [stream.headers]
    for each in headers:
        assert each["Content-Security-Policy"] == POLICY
        assert each["X-Content-Type-Options"] == "nosniff"
        assert each["Referrer-Policy"] == "no-referrer"
        assert each["Cross-Origin-Opener-Policy"] == each["Cross-Origin-Resource-Policy"] == "same-origin"
        assert each["Server"] == "limner"
        assert "Cache-Control" in each


async def test_pages_hold_no_script_and_no_style_of_their_own() -> None:
    import adapters.chat.web

    for template in (Path(adapters.chat.web.__file__).parent / "templates").iterdir():
        text = template.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), template.name
        assert "http:" not in text
        assert "https:" not in text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/static/../chat.py", 404, "not_found"),
        ("GET", "/api/jobs/", 404, "not_found"),
        ("GET", "/api/messages", 405, "method_not_allowed"),
        ("PUT", "/api/events", 405, "method_not_allowed"),
        ("DELETE", "/api/me", 405, "method_not_allowed"),
        ("POST", "/nowhere", 404, "not_found"),
    ],
)
async def test_what_is_not_there_has_the_shape_of_every_error(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    visitor = await house.visitor()
    answer = await visitor.request(method, path, headers={"X-CSRF-Token": visitor.token})
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert set(answer.json["error"]) == {"code", "message"}


@pytest.mark.parametrize("path", ["/api/messages", f"/api/jobs/{job_of().id}/cancel", "/nowhere"])
@pytest.mark.parametrize("token", ["", "wrong", "ü", "0" * 64, None])
async def test_a_post_without_this_browser_s_token_is_403(house: House, path: str, token: str | None) -> None:
    visitor, other = await house.visitor(), await house.visitor()
    headers = {"X-CSRF-Token": other.token if token is None else token}
    answer = await visitor.request("POST", path, headers=headers, data={"text": "/imagine a red fox"})
    assert (answer.status, answer.json["error"]["code"]) == (403, "csrf")
    assert house.commands.asked == []


async def test_a_post_without_a_session_is_403(house: House) -> None:
    answer = await house.stranger().request("POST", "/api/messages", data={"text": "/imagine a red fox"})
    assert (answer.status, answer.json["error"]["code"]) == (403, "csrf")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("{base}", 202),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:1", 403),
        ("{base}.evil.example", 403),
        ("", 403),
    ],
)
async def test_a_post_from_a_page_of_another_site_is_403(house: House, origin: str, status: int) -> None:
    visitor = await house.visitor()
    headers = {"Origin": origin.format(base=house.base)}
    answer = await visitor.post("/api/messages", data={"text": "/imagine a red fox"}, headers=headers)
    assert answer.status == status


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/me", "/static/limner.js", "/nowhere"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "[", "10.0.0.1"]
)
async def test_a_name_that_is_not_ours_is_403(house: House, path: str, host: str) -> None:
    answer = await house.stranger().get(path, Host=host)
    assert (answer.status, answer.json["error"]["code"]) == (403, "host")


@pytest.mark.parametrize(
    ("site", "host", "known"),
    [
        (Site(host="127.0.0.1", public_url=None, password_hash=None), "localhost:9000", True),
        (Site(host="127.0.0.1", public_url=None, password_hash=None), "[::1]:8080", True),
        (Site(host="127.0.0.1", public_url=None, password_hash=None), "", False),
        (Site(host="192.168.1.5", public_url=None, password_hash="x"), "192.168.1.5:8080", True),
        (Site(host="192.168.1.5", public_url=None, password_hash="x"), "192.168.1.6:8080", False),
        (Site(host="Studio", public_url=None, password_hash="x"), "studio:8080", True),
        (Site(host="0.0.0.0", public_url=None, password_hash="x"), "192.168.1.5:8080", True),
        (Site(host="::", public_url=None, password_hash="x"), "[fd00::5]:8080", True),
        (Site(host="0.0.0.0", public_url=None, password_hash="x"), "evil.example", False),
        (Site(host="0.0.0.0", public_url="https://draw.example.org", password_hash="x"), "draw.example.org", True),
        (Site(host="0.0.0.0", public_url="https://draw.example.org", password_hash="x"), "example.org", False),
    ],
)
def test_the_names_of_the_page_follow_from_the_settings(site: Site, host: str, *, known: bool) -> None:
    assert site.knows(host) is known


def test_a_proxy_may_rewrite_the_host_when_the_public_url_is_set() -> None:
    site = Site(host="127.0.0.1", public_url="https://draw.example.org", password_hash=None)
    assert site.allows_origin("https://draw.example.org", "127.0.0.1:8080")
    assert not site.allows_origin("http://draw.example.org", "127.0.0.1:8080")


async def test_the_session_is_a_strict_cookie_that_lasts(house: House) -> None:
    visitor = house.stranger()
    cookie = (await visitor.get("/")).headers["Set-Cookie"]
    assert re.fullmatch(
        rf"session=[A-Za-z0-9_-]{{43}}; HttpOnly; Max-Age={MAX_AGE_S}; Path=/; SameSite=Strict", cookie
    ), cookie


async def test_the_session_stays_the_same_and_so_does_its_token(house: House, tmp_path: Path) -> None:
    visitor = await house.visitor()
    session, token = visitor.session, visitor.token
    await visitor.arrive()
    assert (visitor.session, visitor.token) == (session, token)
    async with open_house(tmp_path) as restarted:
        again = await restarted.stranger().get("/", Cookie=f"session={session}")
        assert f'content="{token}"' in again.body.decode()
        assert f"session={session};" in again.headers["Set-Cookie"]


@pytest.mark.parametrize("cookie", ["short", "x" * 44, "x" * 42 + "!", ""])
async def test_a_cookie_that_is_not_ours_is_replaced(house: House, cookie: str) -> None:
    answer = await house.stranger().get("/", Cookie=f"session={cookie}")
    assert f"session={cookie};" not in answer.headers["Set-Cookie"]


async def test_only_pages_hand_out_sessions(house: House) -> None:
    for path in ("/api/cards", "/api/me", "/healthz", "/static/limner.css", "/nowhere"):
        assert "Set-Cookie" not in (await house.stranger().get(path)).headers


async def test_a_link_of_another_site_finds_the_session_again(house: House) -> None:
    answer = await house.stranger().get("/", **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert b'http-equiv="refresh" content="0"' in answer.body


async def test_cookies_are_bound_to_https_where_the_page_is_opened_by_its_public_name(tmp_path: Path) -> None:
    async with open_house(tmp_path, public_url="https://draw.example.org") as house:
        outside = await house.stranger().get("/", Host="draw.example.org")
        inside = await house.stranger().get("/")
    assert "Secure" in outside.headers["Set-Cookie"]
    assert "Secure" not in inside.headers["Set-Cookie"]


async def test_static_files_are_kept_for_ever_under_their_version_only(house: House) -> None:
    visitor = await house.visitor()
    page = (await visitor.get("/")).body.decode()
    address = re.search(r'src="(/static/limner\.js\?v=[0-9a-f]{12})"', page)
    assert address is not None
    versioned, plain = await visitor.get(address[1]), await visitor.get("/static/limner.js?v=old")
    assert versioned.headers["Content-Type"] == "text/javascript"
    assert versioned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == "no-cache"
