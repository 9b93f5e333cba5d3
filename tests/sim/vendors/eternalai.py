"""A simulated EternalAI, its image family."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote

from sim.vendors.effects import SHAPES, STYLES
from sim.vendors.eternalai_job import EternalAIJob
from sim.vendors.fates import ETERNALAI
from sim.vendors.rules import Breach, check_key, read_order
from sim.vendors.vendor import FIRST_ID, Vendor
from sim.vendors.wire import Door, Reply, Request, as_json

__all__ = ["EFFECTS", "FIRST_ID", "POLL_BY_PATH", "POLL_BY_QUERY", "SUBMIT", "EternalAI"]

SUBMIT = "/creative-ai/image"
POLL_BY_QUERY = "/creative-ai/result/image"
POLL_BY_PATH = "/creative-ai/poll-result/"
EFFECTS = "/creative-ai/generate-image/effects"


class EternalAI(Vendor[EternalAIJob]):
    """Draws with styles; a job is looked at by query or by path."""

    name = "eternalai"
    title = "EternalAI"
    catalogue = ETERNALAI
    file_paths = ("/feed/",)

    def _call(self, request: Request) -> Reply:
        method, path = request.method, request.path
        if request.door is Door.API and method == "POST" and path == SUBMIT:
            return self._submit(request)
        if request.door is Door.API and method == "GET":
            if path == POLL_BY_QUERY:
                return self._look(request, "query", _request_id(request.query), barred="only-path")
            if path.startswith(POLL_BY_PATH):
                return self._look(request, "path", unquote(path.removeprefix(POLL_BY_PATH)), barred="only-query")
            if path == EFFECTS:
                return self._effects(request)
        raise Breach(404, "not found", "there is no such call")

    def _submit(self, request: Request) -> Reply:
        check_key(request.headers, self.key, needed=True)
        job = self._taken(request, read_order(request.headers, request.query, request.body))
        return job if isinstance(job, Reply) else self._submitted(job, as_json(job.submitted()))

    def _look(self, request: Request, form: str, request_id: str, *, barred: str) -> Reply:
        check_key(request.headers, self.key, needed=self.weather.polls_need_key)
        return self._poll(request, form, request_id, counted=f"polls_by_{form}", barred=barred)

    def _job(self, identity: str, order: Any, **fields: Any) -> EternalAIJob:
        request_id = identity if "uuid" in fields["fates"] else str(fields["number"])
        if "suffix-id" in fields["fates"]:
            request_id = f"{request_id}_{fields['created_at']:.0f}"
        return EternalAIJob(id=request_id, name=f"{identity}.png", prompt=order.prompt, order=order, **fields)

    def _style(self, job: EternalAIJob) -> str:
        return ", ".join(STYLES.get(name, (name, ""))[0] for name in job.order.loras)

    def _effects(self, request: Request) -> Reply:
        check_key(request.headers, self.key, needed=False)
        self.books.effects_lists += 1
        return self._weather(request) or SHAPES[self.weather.effects]


def _request_id(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) != 1 or pairs[0][0] != "request_id" or not pairs[0][1]:
        raise Breach(400, "request_id is required", "a poll without just a request_id")
    return pairs[0][1]
