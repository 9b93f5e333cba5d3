"""The LoRA styles of EternalAI's page, and the forms in which a list of them may come: the page shows none."""

from __future__ import annotations

from typing import Any

from sim.vendors.wire import Reply, as_html, as_json, refusal

STYLES: dict[str, tuple[str, str]] = {
    "Art_style_Impressionist": ("Art style Impressionist", ""),
    "FLUX-daubrez-DB4RZ": ("Daubrez Painterly Style", "DB4RZ Daubrez style painting of"),
    "psycho_art": ("Anime Art-Style", "Psycho_4rt"),
    "Flux_1_MechanicalBloom": ("Flux.1_Mechanical Bloom · Surreal Anime-style Portrait", "CynthiaPortrait:"),
    "RM_Artistify_v1_0M": ("RandomMaxx Artistify", ""),
}
"""Each LoRA's display name and the words that wake it."""

_OBJECTS: list[dict[str, Any]] = [
    {"id": number, "name": name, "display_name": title, "trigger_words": trigger, "type": "lora"}
    for number, (name, (title, trigger)) in enumerate(STYLES.items(), 1)
]

VISUAL = {"hug": "video", "twirl": "video", "sketch": "image", "bouquet": "image"}
"""The visual effects, and what each makes."""


def _shapes(objects: list[dict[str, Any]], titles: dict[str, str]) -> dict[str, Reply]:
    """The forms; `titles` are by name."""
    return {
        "objects": as_json(objects),
        "texts": as_json(list(titles)),
        "data": as_json({"status": 1, "data": objects}),
        "result": as_json({"status": True, "error": None, "result": objects}),
        "texts-in-result": as_json({"status": True, "error": None, "result": list(titles)}),
        "deep": as_json({"status": 1, "data": {"items": objects, "total": len(titles)}}),
        "keyed": as_json({name: {"display_name": title} for name, title in titles.items()}),
        "nothing": as_json([]),
        "null": as_json(None),
        "html": as_html("Welcome"),
        "failing": refusal(500, "internal error"),
    }


SHAPES = _shapes(_OBJECTS, {name: title for name, (title, _) in STYLES.items()})


def visual(shape: str, kind: str, page: int) -> Reply:
    """A page of the effects of a kind; all are on the first."""
    titles = {name: name.title() for name, makes in VISUAL.items() if makes == kind and page == 1}
    objects = [
        {"_id": f"{number:024x}", "effect_id": name, "name": title, "effect_type": kind}
        for number, (name, title) in enumerate(titles.items(), 1)
    ]
    return _shapes(objects, titles)[shape]
