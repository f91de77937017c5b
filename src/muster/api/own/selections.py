"""Selections that are not stored: run, complained about, written in other faces."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Response

from muster import views
from muster.api.bodies import read
from muster.api.own.running import running, written
from muster.api.own.shapes_selections import Converted, Examined, InAllFaces, InOneFace, Preview, Previewed, Verdict
from muster.api.own.web import BASE, answers, order
from muster.api.pointing import pointed
from muster.api.web import Body, Viewer, body_of, told
from muster.catalog.product import Selection
from muster.errors import InvalidInput
from muster.query import faces
from muster.query.english import english
from muster.query.faces import Face
from muster.query.nodes import Node
from muster.service import selecting
from muster.service.check import examine
from muster.service.dotted import dotted_names, product
from muster.service.preview import preview
from muster.service.project import project
from muster.service.replacing import replacing
from muster.service.resolve import PageRequest
from muster.service.selecting import stored
from muster.service.workspace import Workspace

router = APIRouter(prefix=f"{BASE}/selections", tags=["selections"])

SELECTION: Final = "/selection"


@router.post(
    "/preview",
    responses=answers(Preview, "How many, which, of what types, what there is to say of it, and what it would change."),
    openapi_extra=body_of(Previewed),
)
def preview_selection(caller: Viewer, body: Body) -> Response:
    """Run a selection that is not stored; with `replaces`, say who would join that product and leave it, and whom that concerns."""
    asked, work = read(Previewed, body), caller.work
    said = written(asked.selection, asked.face)
    page = PageRequest(asked.limit, order(asked.sort), asked.cursor)
    with running(SELECTION):
        node, face = selecting.read(work, said)
        project(work)
        found = views.preview(preview(work, node, page), asked.fields)
    replaces = None if asked.replaces is None else _replaced(work, asked, stored(said.text, face, node), page)
    return told(found | {"replaces": replaces})


def _replaced(work: Workspace, asked: Previewed, selection: Selection, page: PageRequest) -> dict[str, Any]:
    with pointed("/replaces"):
        found = replacing(work, product(work, asked.replaces or ""), selection, page)
    names = dotted_names(work, found.touches.everyone)
    return views.replacing(found, names, asked.fields)


@router.post(
    "/check",
    responses=answers(Verdict, "All complaints, errors first; with an error among them it cannot run."),
    openapi_extra=body_of(Examined),
)
def check_selection(caller: Viewer, body: Body) -> Response:
    """Say everything there is to complain about in a selection."""
    asked, work = read(Examined, body), caller.work
    with pointed(SELECTION):
        node, _ = selecting.read(work, written(asked.selection, asked.face))
        words = english(node)
    project(work)
    found = examine(work, node)
    complaints = [one.as_dict() for one in found.complaints]
    return told({"runs": found.runs, "complaints": complaints, "english": words})


@router.post(
    "/convert",
    responses=answers(
        InOneFace | InAllFaces, "The selection in the face that was asked for, or in all of them without `to`."
    ),
    openapi_extra=body_of(Converted),
)
def convert_selection(caller: Viewer, body: Body) -> Response:
    """Write a selection in another face, without loss: what a face cannot say is refused with the reason."""
    asked = read(Converted, body)
    with pointed(SELECTION):
        node, face = selecting.read(caller.work, written(asked.selection, asked.face))
        if asked.to is not None:
            return told({"face": asked.to, "text": WRITERS[asked.to](node)})
    return told({"face": face.value, **_in_all_faces(node)})


def _in_all_faces(node: Node) -> dict[str, Any]:
    said: dict[str, Any] = {}
    reasons = {}
    for name, show in SHOWN.items():
        try:
            said[name] = show(WRITERS[name](node))
        except InvalidInput as error:
            said[name], reasons[name] = None, error.message
    return {"faces": said, "reasons": reasons}


def _by(face: Face) -> Callable[[Node], str]:
    return lambda node: faces.write(face, node)


WRITERS: Final[Mapping[str, Callable[[Node], str]]] = {face.value: _by(face) for face in Face} | {"english": english}
"""Each face as text."""

SHOWN: Final[Mapping[str, Callable[[str], Any]]] = {
    "wire": json.loads,
    "dsl": str,
    "shorthand": str,
    "rules": json.loads,
    "english": str,
}
"""The faces that are told side by side, and how each is told: as a JSON object, or as its text."""
