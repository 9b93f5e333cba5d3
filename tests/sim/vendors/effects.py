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

SHAPES: dict[str, Reply] = {
    "objects": as_json(_OBJECTS),
    "texts": as_json(list(STYLES)),
    "data": as_json({"status": 1, "data": _OBJECTS}),
    "result": as_json({"status": True, "error": None, "result": _OBJECTS}),
    "texts-in-result": as_json({"status": True, "error": None, "result": list(STYLES)}),
    "deep": as_json({"status": 1, "data": {"items": _OBJECTS, "total": len(STYLES)}}),
    "keyed": as_json({name: {"display_name": title} for name, (title, _) in STYLES.items()}),
    "nothing": as_json([]),
    "null": as_json(None),
    "html": as_html("Welcome"),
    "failing": refusal(500, "internal error"),
}
