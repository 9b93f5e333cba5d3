"""The simulated Eranol and Eigen AI speak as their pages do, fail as fated, and find every breach."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from sim.vendors import guide, pictures
from sim.vendors.eigenai import EDIT_MODEL, EIGENAI, GENERATE, MODEL, VIDEO_MODEL, EigenAI
from sim.vendors.eranol import ERANOL, FFMPEG_STATUS, IMAGE_STATUS, JOBS, SUBMIT, Eranol
from sim.vendors.fates import Catalogue
from sim.vendors.films import film
from sim.vendors.plan import Plan
from sim.vendors.vendor import Vendor
from sim.vendors.wire import Conduct, Door, Reply, Request

from bot.testing.clock import FakeClock
from bot.testing.provider import PNG
from bot.testing.wire import FormFile

FOX = "a red fox"
LONGEST_S = 60.0
ERANOLS_KEY = {"x-api-key": "simulated"}
EIGENS_KEY = {"authorization": "Bearer simulated"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def eranol(clock: FakeClock) -> Eranol:
    return Eranol(clock)


@pytest.fixture
def eigen(clock: FakeClock) -> EigenAI:
    return EigenAI(clock)


def post(vendor: Vendor[Any], path: str, body: dict[str, Any], headers: dict[str, str]) -> Reply:
    headers = {"content-type": "application/json", **headers}
    return vendor.answer(Request(method="POST", path=path, headers=headers, body=json.dumps(body).encode()))


def imagine(eranol: Eranol, words: str, **fields: Any) -> Reply:
    return post(eranol, SUBMIT, {"prompt": words, **fields}, ERANOLS_KEY)


def look(eranol: Eranol, job_id: str, place: str = IMAGE_STATUS) -> Reply:
    return eranol.answer(Request(method="GET", path=f"{place}{job_id}", headers=ERANOLS_KEY))


def delete(eranol: Eranol, job_id: str, **more: Any) -> Reply:
    return eranol.answer(Request(method="DELETE", path=f"{JOBS}{job_id}", headers=ERANOLS_KEY, **more))


def fetch(vendor: Vendor[Any], url: str, headers: dict[str, str]) -> Reply:
    here = url.startswith(vendor.origin)
    path = url.removeprefix(vendor.origin if here else vendor.files)
    return vendor.answer(Request(method="GET", path=path, door=Door.API if here else Door.FILES, headers=headers))


def generate(eigen: EigenAI, words: str, **fields: Any) -> Reply:
    return post(eigen, GENERATE, {"model": "eigen-image", "prompt": words, **fields}, EIGENS_KEY)


async def ended(eranol: Eranol, clock: FakeClock, words: str, place: str = IMAGE_STATUS) -> Reply:
    job_id = imagine(eranol, words).json()["job_id"]
    await clock.advance(LONGEST_S)
    return look(eranol, job_id, place)


async def test_eranol_takes_a_job_under_a_uuid_with_a_suffix_and_tells_of_it_in_two_places(
    eranol: Eranol, clock: FakeClock
) -> None:
    said = imagine(eranol, FOX, negative_prompt="blurry", seed=42, width=512, height=768).json()
    assert said == {"job_id": "e3e70682-c209-4cac-a29f-6fbed82c07cd-e2", "status": "processing"}
    await clock.advance(30)
    for place in (IMAGE_STATUS, FFMPEG_STATUS):
        running = look(eranol, said["job_id"], place).json()
        assert running["status"] == "processing"
        assert 30 < running["progress"] < 100
    assert look(eranol, "another").status == 404


@pytest.mark.parametrize("place", [IMAGE_STATUS, FFMPEG_STATUS])
async def test_eranol_ends_with_the_address_of_the_picture(eranol: Eranol, clock: FakeClock, place: str) -> None:
    done = (await ended(eranol, clock, FOX, place)).json()
    assert (done["status"], done["progress"]) == ("completed", 100)
    assert done["result"]["url"].startswith("https://cdn.eranol.test/output/")
    assert fetch(eranol, done["result"]["url"], {}).body == pictures.draw(FOX, "", 921865)
    assert eranol.violations == []


async def test_eranol_may_answer_as_it_used_to(eranol: Eranol, clock: FakeClock) -> None:
    [done] = (await ended(eranol, clock, f"{FOX} [as-list]")).json()
    assert (done["progress"], done["created_at"], done["result_url"][:31]) == (
        None,
        1_790_000_000.0,
        "https://cdn.eranol.test/output/",
    )


@pytest.mark.parametrize(
    ("mark", "status", "body"),
    [
        ("[failed-400]", 400, {"status": "failed", "error": "the job ended: failed"}),
        ("[wordless-400]", 400, {"error": "the job ended: failed"}),
        ("[word=failed]", 200, {"status": "failed", "error": "the job ended: failed"}),
        ("[poll-405]", 405, {"status": False, "error": "method not allowed", "result": None}),
    ],
)
async def test_eranol_fails_as_fated(
    eranol: Eranol, clock: FakeClock, mark: str, status: int, body: dict[str, Any]
) -> None:
    reply = await ended(eranol, clock, f"{FOX} {mark}")
    assert (reply.status, {name: value for name, value in reply.json().items() if name != "job_id"}) == (status, body)


async def test_eranol_knows_a_job_in_one_place_where_fated_and_answers_202_meanwhile(eranol: Eranol) -> None:
    job_id = imagine(eranol, f"{FOX} [only-ffmpeg] [working-202]").json()["job_id"]
    assert [look(eranol, job_id, place).status for place in (IMAGE_STATUS, FFMPEG_STATUS)] == [404, 202]


def test_eranol_forgets_what_is_deleted_unless_it_refuses(eranol: Eranol) -> None:
    for words, statuses in (
        (FOX, (200, 404)),
        (f"{FOX} [cancel-400]", (400, 200)),
        (f"{FOX} [cancel-empty]", (200, 404)),
    ):
        job_id = imagine(eranol, words).json()["job_id"]
        assert (delete(eranol, job_id).status, look(eranol, job_id).status) == statuses
    assert (delete(eranol, "another").status, eranol.count().cancels, eranol.violations) == (404, 4, [])
    assert delete(eranol, "another", body=b"{}").status == 400


async def test_eranols_own_host_gives_files_to_the_key_alone_and_the_other_must_not_see_it(
    eranol: Eranol, clock: FakeClock
) -> None:
    here = (await ended(eranol, clock, f"{FOX} [file-here]")).json()["result"]["url"]
    assert here.startswith("https://open.eranol.test/api/v1/ffmpeg/file/")
    assert [fetch(eranol, here, headers).status for headers in (ERANOLS_KEY, {})] == [200, 401]
    there = (await ended(eranol, clock, FOX)).json()["result"]["url"]
    assert fetch(eranol, there, ERANOLS_KEY).status == 400
    assert len(eranol.violations) == 2


@pytest.mark.parametrize(
    "fields",
    [{"prompt": ""}, {"seed": "42"}, {"seed": True}, {"width": 512.5}, {"negative_prompt": ""}, {"style": "ink"}],
)
def test_eranol_finds_what_its_page_does_not_have(eranol: Eranol, fields: dict[str, Any]) -> None:
    assert imagine(eranol, FOX, **fields).status == 400
    assert (len(eranol.violations), eranol.count().charges) == (1, 0)


def picture_in(reply: Reply, key: str = "turbo_image_base64") -> bytes:
    return base64.b64decode(reply.json()[key], validate=True)


def test_eigen_answers_with_the_picture_when_it_is_drawn(eigen: EigenAI) -> None:
    eigen.weather.duration_s = (40, 40)
    reply = generate(eigen, FOX, width=1184, height=888, seed=7, guidance_scale=3.5)
    assert (reply.delay_s, picture_in(reply)) == (40, pictures.draw(FOX, "", 921865))
    assert (eigen.count().charges, eigen.violations) == (1, [])


def test_eigen_answers_in_every_form_that_was_seen(eigen: EigenAI) -> None:
    def said(mark: str) -> Any:
        return generate(eigen, f"{FOX} {mark}").json()

    assert picture_in(generate(eigen, f"{FOX} [inline-in=image_base64]"), "image_base64").startswith(b"\x89PNG")
    assert said("[data-uri]")["turbo_image_base64"].startswith("data:image/png;base64,")
    assert said("[in-data]")["data"][0].keys() == {"turbo_image_base64"}
    assert said("[address]")["image_url"].startswith("https://cdn.eigenai.test/out/")
    assert said("[path-only]") == {"image_path": "s3://eigenai/out/1.png"}
    assert said("[no-picture]") == {"status": "success", "images": []}
    assert said("[said=moderated]") == {"status": "moderated"}
    assert len(said("[answer-huge=8]")["turbo_image_base64"]) == 8_000_000
    for mark, kind in (("[bytes]", "image/png"), ("[bytes-as-json]", "application/json")):
        reply = generate(eigen, f"{FOX} {mark}")
        assert (reply.headers["Content-Type"], reply.body[:4]) == (kind, b"\x89PNG")
    reply = generate(eigen, f"{FOX} [json-as-png]")
    assert (reply.headers["Content-Type"], picture_in(reply)[:4]) == ("image/png", b"\x89PNG")
    with pytest.raises(ValueError, match="adding"):
        picture_in(generate(eigen, f"{FOX} [base64-broken]"))
    assert not picture_in(generate(eigen, f"{FOX} [base64-cut]")).endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize(
    "fields",
    [
        {"model": ""},
        {"prompt": 7},
        {"width": 511},
        {"height": 2049},
        {"seed": 1.5},
        {"real_time": 1},
        {"negative_prompt": "blurry"},
    ],
)
def test_eigen_finds_what_its_page_does_not_have(eigen: EigenAI, fields: dict[str, Any]) -> None:
    assert generate(eigen, FOX, **fields).status == 400
    assert (len(eigen.violations), eigen.count().charges) == (1, 0)


PNG_PART = FormFile("source.png", "image/png", PNG)
EDIT: dict[str, str | FormFile] = {"model": EDIT_MODEL, "prompt": FOX, "image_file": PNG_PART}
VIDEO: dict[str, str | FormFile] = {"model": VIDEO_MODEL, "prompt": FOX, "image": PNG_PART}


def send(eigen: EigenAI, form: dict[str, str | FormFile]) -> Reply:
    files = [
        (name, (part.name, part.data, part.media_type)) for name, part in form.items() if not isinstance(part, str)
    ]
    said = {name: text for name, text in form.items() if isinstance(text, str)}
    sent = httpx.Request("POST", f"https://x.test{GENERATE}", headers=EIGENS_KEY, data=said, files=files)
    return eigen.answer(Request(method="POST", path=GENERATE, headers=dict(sent.headers), body=sent.read()))


def ask(eigen: EigenAI, what: str, task_id: str, model: str = VIDEO_MODEL) -> Reply:
    query = f"jobId={task_id}&model={model}"
    return eigen.answer(Request(method="GET", path=f"{GENERATE}/{what}", query=query, headers=EIGENS_KEY))


def test_eigen_edits_into_bytes_or_json(eigen: EigenAI) -> None:
    options: dict[str, str | FormFile] = {
        "num_inference_steps": "15",
        "weight": "vanilla",
        "output_format": "jpg",
        "true_cfg_scale": "4.5",
    }
    assert picture_in(send(eigen, EDIT | options), "edited_image_base64")
    wanted = EDIT | {"binary_response": "true", "mode": "image-editing"}
    assert send(eigen, wanted).body == pictures.draw(FOX, "", 921866)
    assert picture_in(send(eigen, wanted | {"prompt": f"{FOX} [json-anyway]"}), "edited_image_base64")
    assert eigen.violations == []


async def test_eigen_makes_a_video_in_three_calls(eigen: EigenAI, clock: FakeClock) -> None:
    said = send(eigen, VIDEO | {"infer_steps": "20", "seed": "7"}).json()
    assert said == {"task_id": "e3e70682-c209-4cac-a29f-6fbed82c07cd", "task_status": "pending"}
    assert [ask(eigen, "status", said["task_id"]).json()["status"], ask(eigen, "result", said["task_id"]).status] == [
        "processing",
        404,
    ]
    await clock.advance(LONGEST_S)
    assert ask(eigen, "status", said["task_id"]).json()["status"] == "completed"
    assert ask(eigen, "result", said["task_id"]).body == film(pictures.draw(FOX, "", 921865))
    assert ask(eigen, "status", "another").status == 404
    assert eigen.violations == []
    assert ask(eigen, "status", said["task_id"], MODEL).status == 400


@pytest.mark.parametrize(
    "form",
    [
        EDIT | {"model": MODEL},
        EDIT | {"prompt": " "},
        {name: value for name, value in EDIT.items() if name != "image_file"},
        EDIT | {"image": PNG_PART},
        EDIT | {"image_file": FormFile("a.png", "image/png", b"GIF89a")},
        EDIT | {"image_file": FormFile("a.bmp", "image/bmp", b"BM")},
        EDIT | {"rank": "much"},
        EDIT | {"weight": "fast"},
        EDIT | {"output_format": "webp"},
        EDIT | {"seed": "7"},
        EDIT | {"s3_output_path": "s3://ours/1.png"},
        EDIT | {"mode": "text-to-image"},
        EDIT | {"binary_response": "True"},
        VIDEO | {"infer_steps": "21"},
        VIDEO | {"infer_steps": "2.5"},
        VIDEO | {"duration": "5"},
        {**{name: value for name, value in VIDEO.items() if name != "image"}, "image_file": PNG_PART},
    ],
)
def test_eigen_finds_what_its_forms_do_not_have(eigen: EigenAI, form: dict[str, str | FormFile]) -> None:
    assert send(eigen, form).status == 400
    assert (len(eigen.violations), eigen.count().charges) == (1, 0)


def test_each_takes_its_key_in_its_own_header_only(eranol: Eranol, eigen: EigenAI) -> None:
    assert post(eranol, SUBMIT, {"prompt": FOX}, EIGENS_KEY).status == 401
    assert post(eigen, GENERATE, {"model": "m", "prompt": FOX}, ERANOLS_KEY).status == 401
    assert post(eigen, GENERATE, {"model": "m", "prompt": FOX}, {**EIGENS_KEY, **ERANOLS_KEY}).status == 401


def plan_of(catalogue: Catalogue) -> Plan:
    among = catalogue.by_name.keys() - {"answer-huge"}  # slow, and no other does what it does
    return Plan(7, sorted(among), catalogue=catalogue)


async def test_any_random_fates_of_eranol_are_an_answer(clock: FakeClock) -> None:
    eranol = Eranol(clock, plan=plan_of(ERANOL), draw=pictures.plain)
    replies = [imagine(eranol, f"fox {number}") for number in range(200)]
    await clock.advance(100_000)
    replies += [look(eranol, job_id) for job_id in eranol._jobs]
    replies += [delete(eranol, job_id) for job_id in list(eranol._jobs)]
    assert {reply.conduct for reply in replies} <= set(Conduct)
    assert eranol.violations == []


async def test_any_random_fates_of_eigen_are_an_answer(clock: FakeClock) -> None:
    eigen = EigenAI(clock, plan=plan_of(EIGENAI), draw=pictures.plain)
    replies = [generate(eigen, f"fox {number}") for number in range(200)]
    replies += [send(eigen, form | {"prompt": f"fox {number}"}) for form in (EDIT, VIDEO) for number in range(200, 300)]
    await clock.advance(100_000)
    replies += [ask(eigen, what, job_id) for what in ("status", "result") for job_id in eigen._jobs]
    assert {reply.conduct for reply in replies} <= set(Conduct)
    assert eigen.violations == []


@pytest.mark.parametrize("vendor", [Eranol, EigenAI])
def test_the_guide_names_the_vendor_and_its_fates(vendor: type[Vendor[Any]]) -> None:
    command = guide.command(vendor=vendor)
    assert f"BOT_PROVIDERS__{vendor.name.upper()}__BASE_URL=http://127.0.0.1:9100" in command
    assert ("__MODELS=" in command) is (vendor is EigenAI)
    listed = guide.listing(vendor)
    assert [fate.name for fate in vendor.catalogue.fates if f"  [{fate.name}" not in listed] == []
    assert listed.count("Deletes that go wrong:") == (vendor is Eranol)


def test_the_names_of_the_fates_are_their_own() -> None:
    for catalogue in (ERANOL, EIGENAI):
        assert len(catalogue.by_name) == len(catalogue.fates)
