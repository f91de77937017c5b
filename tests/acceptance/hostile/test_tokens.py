"""Who may do what, tried on all routes that write, and on all ways to come without a token that holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.acceptance.command import answer, run
from tests.acceptance.hostile.scene import (
    BULK,
    GUID,
    NAME,
    SEARCH,
    TYPEDEFS,
    Json,
    entity,
    make,
    name_of,
    post,
    product,
    read,
    ref,
)
from tests.acceptance.serving import Served, served

OAUTH = "/api/service/oauth-clients/token"
TABLE = "default/x/1/table"


@dataclass
class Scene:
    """Two domains with a product each, a table, and who may write where."""

    one: Served
    admin: httpx.Client
    viewer: httpx.Client
    editor: httpx.Client
    own: str
    below: str
    other: str
    mine: str
    theirs: str
    table: str
    archived: str
    tag: str
    custom: tuple[str, str]

    def named(self, guid: str, type_name: str, name: str, **attributes: Json) -> Json:
        """Return an entity that is there, for a body."""
        return entity(type_name, name, guid, qualifiedName=name_of(self.admin, guid), **attributes)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A service, and clients of each role; the editor is bound to the first domain."""
    with served(tmp_path_factory.mktemp("tokens") / "data") as one, one.client() as admin:
        own, other = (make(admin, entity("DataDomain", name)) for name in ("own", "other"))
        below = make(admin, entity("DataDomain", "below", parentDomain=ref(own)))
        mine, theirs = make(admin, product("mine", own)), make(admin, product("theirs", other))
        archived = make(admin, product("archived", other))
        admin.delete(BULK, params={"guid": archived})
        said = admin.post(
            TYPEDEFS,
            json={
                "classificationDefs": [{"name": "Tag", "displayName": "Tag"}],
                "businessMetadataDefs": [
                    {"displayName": "Set", "attributeDefs": [{"displayName": "A", "typeName": "string"}]}
                ],
            },
        ).json()
        custom = said["businessMetadataDefs"][0]
        secrets = {
            name: answer(one.data, "token", "create", "--name", name, *words)["token"]
            for name, words in {
                "viewer": ("--role", "viewer"),
                "editor": ("--role", "editor", "--domain", name_of(admin, own)),
            }.items()
        }
        with one.client(secrets["viewer"]) as viewer, one.client(secrets["editor"]) as editor:
            yield Scene(
                one, admin, viewer, editor, own, below, other, mine, theirs, make(admin, entity("Table", TABLE)),
                archived, said["classificationDefs"][0]["name"], (custom["name"], custom["attributeDefs"][0]["name"]),
            )  # fmt: skip
        written = one.log.read_text()
    assert not [secret for secret in (one.token, *secrets.values()) if secret in written]
    assert "Traceback" not in written


Attack = Callable[[Scene, httpx.Client], httpx.Response]


def _table(scene: Scene, **said: Json) -> Json:
    return {"typeName": "Table", "guid": scene.table, "attributes": {"name": TABLE, "qualifiedName": TABLE}, **said}


ELSEWHERE: dict[str, Attack] = {
    "create a table": lambda _, http: post(http, entity("Table", "default/x/1/new")),
    "create a glossary": lambda _, http: post(http, entity("AtlasGlossary", "new")),
    "create a domain": lambda _, http: post(http, entity("DataDomain", "new")),
    "create a domain in another": lambda s, http: post(http, entity("DataDomain", "new", parentDomain=ref(s.other))),
    "create a product in another": lambda s, http: post(http, product("new", s.other)),
    "update": lambda s, http: post(http, s.named(s.theirs, "DataProduct", "theirs", description="x")),
    "update beside one's own": lambda s, http: post(
        http, s.named(s.mine, "DataProduct", "mine", description="x"), s.named(s.theirs, "DataProduct", "t", description="x")
    ),
    "move out": lambda s, http: post(http, s.named(s.mine, "DataProduct", "mine", dataDomain=ref(s.other))),
    "move in": lambda s, http: post(http, s.named(s.theirs, "DataProduct", "theirs", dataDomain=ref(s.own))),
    "move a domain out": lambda s, http: post(http, s.named(s.below, "DataDomain", "below", parentDomain=ref(s.other))),
    "move a domain to the top": lambda s, http: post(http, s.named(s.below, "DataDomain", "below", parentDomain=None)),
    "move a domain in": lambda s, http: post(http, s.named(s.other, "DataDomain", "other", parentDomain=ref(s.own))),
    "take a domain in": lambda s, http: post(
        http, s.named(s.own, "DataDomain", "own") | {"appendRelationshipAttributes": {"subDomains": [ref(s.other)]}}
    ),
    "take a product in": lambda s, http: post(
        http,
        s.named(s.own, "DataDomain", "own")
        | {"appendRelationshipAttributes": {"dataProducts": [ref(s.theirs, "DataProduct")]}},
    ),
    "archive": lambda s, http: http.delete(BULK, params={"guid": s.theirs}),
    "archive beside one's own": lambda s, http: http.delete(BULK, params={"guid": [s.mine, s.theirs]}),
    "delete": lambda s, http: http.delete(BULK, params={"guid": s.theirs, "deleteType": "HARD"}),
    "purge": lambda s, http: http.delete(BULK, params={"guid": s.table, "deleteType": "PURGE"}),
    "restore": lambda s, http: post(http, s.named(s.archived, "DataProduct", "archived") | {"status": "ACTIVE"}),
    "tag": lambda s, http: http.post(f"{GUID}{s.theirs}/classifications", json=[{"typeName": s.tag}]),
    "tag by name": lambda s, http: http.post(
        f"{NAME}Table/classifications", params={"attr:qualifiedName": TABLE}, json=[{"typeName": s.tag}]
    ),
    "tag in bulk": lambda s, http: post(http, _table(s, classifications=[{"typeName": s.tag}]), replaceTags="true"),
    "custom metadata": lambda s, http: http.post(
        f"{GUID}{s.theirs}/businessmetadata", json={s.custom[0]: {s.custom[1]: "x"}}
    ),
    "custom metadata of a set": lambda s, http: http.post(
        f"{GUID}{s.theirs}/businessmetadata/{s.custom[0]}", json={s.custom[1]: "x"}
    ),
    "certify": lambda _, http: http.put(
        f"{NAME}Table", params={"attr:qualifiedName": TABLE}, json={"entity": {"attributes": {"certificateStatus": "DRAFT"}}}
    ),
    "give another a port": lambda s, http: post(
        http, s.named(s.theirs, "DataProduct", "theirs", outputPorts=[ref(s.table, "Table")])
    ),
    "define": lambda _, http: http.post(TYPEDEFS, json={"classificationDefs": [{"name": "New", "displayName": "New"}]}),
    "redefine": lambda s, http: http.put(TYPEDEFS, json={"classificationDefs": [{"name": s.tag, "displayName": "New"}]}),
    "undefine": lambda s, http: http.delete(f"/api/meta/types/typedef/name/{s.tag}"),
}  # fmt: skip


def told(one: Served) -> str:
    """Return everything that there is."""
    return run(one.data, "export", "ndjson").stdout


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_writes_nothing(scene: Scene, role: str) -> None:
    """A viewer anything, an editor anything outside the domain: 403 in Atlan's shape, and all is as it was."""
    before = told(scene.one)
    answers = {name: attack(scene, getattr(scene, role)) for name, attack in ELSEWHERE.items()}
    assert {name: said.text for name, said in answers.items() if said.status_code != httpx.codes.FORBIDDEN} == {}
    for said in answers.values():
        body = said.json()
        assert body.keys() == {"errorCode", "errorMessage", "errorId", "errorCause", "causes"}
        assert (body["errorCode"], body["causes"][0]["errorType"]) == ("ATLAS-403-00-001", "forbidden")
    assert told(scene.one) == before


def test_an_editor_writes_within_the_domain(scene: Scene) -> None:
    """Products there may have ports anywhere, whichever side says so: they are kept by the product."""
    own = scene.named(scene.mine, "DataProduct", "mine", inputPorts=[ref(scene.table, "Table")])
    assert post(scene.editor, own).status_code == httpx.codes.OK
    asset = _table(scene, relationshipAttributes={"outputPortDataProducts": [ref(scene.mine, "DataProduct")]})
    assert post(scene.editor, asset).status_code == httpx.codes.OK
    made = make(scene.editor, product("new", scene.below))
    assert scene.editor.delete(BULK, params={"guid": made, "deleteType": "PURGE"}).status_code == httpx.codes.OK
    assert read(scene.editor, scene.mine)["attributes"]["daapOutputPortGuids"] == [scene.table]


def test_a_token_elsewhere_than_in_its_header_is_none(scene: Scene) -> None:
    """Not in the query, in a cookie, as a password, or in two headers of which the first is wrong."""
    ways: list[dict[str, Json]] = [
        {"params": {"token": scene.one.token, "access_token": scene.one.token}},
        {"headers": {"cookie": f"token={scene.one.token}"}},
        {"headers": {"x-api-key": scene.one.token}},
        {"auth": ("admin", scene.one.token)},
        {"headers": [("authorization", "Basic x"), ("authorization", f"Bearer {scene.one.token}")]},
    ]
    assert [httpx.get(scene.one.url + GUID + "x", **way).status_code for way in ways] == [401] * len(ways)


def test_a_revoked_or_expired_token_ends_while_it_is_used(scene: Scene) -> None:
    """Within a second, on every route, that of clients with a name and a secret among them; its uses are noted."""
    for name, words in (("leaving", ()), ("brief", ("--expires", "3s"))):
        secret = answer(scene.one.data, "token", "create", "--name", name, "--role", "viewer", *words)["token"]
        credentials = {"clientId": name, "clientSecret": secret}
        with scene.one.client(secret) as http:
            assert http.post(SEARCH, json={"dsl": {}}).status_code == httpx.codes.OK
            assert http.post(OAUTH, json=credentials).status_code == httpx.codes.OK
            if not words:
                run(scene.one.data, "token", "revoke", name)
            time.sleep(1.1 if not words else 3.1)
            ended = [http.post(SEARCH, json={"dsl": {}}), http.post(OAUTH, json=credentials)]
        assert [said.status_code for said in ended] == [401, 401]
    used = {one["name"]: one for one in answer(scene.one.data, "token", "list")}
    assert all(used[name]["usedAt"] for name in ("leaving", "brief")), used


def test_who_guesses_secrets_of_clients_is_slowed_down(scene: Scene) -> None:
    """As who guesses tokens is, and in one count with them; who came with one that holds goes on. It is not logged."""
    with httpx.Client(base_url=scene.one.url) as http:
        guesses = [
            http.post(OAUTH, json={"clientId": "admin", "clientSecret": f"guessed-{number}"}).status_code
            for number in range(40)
        ]
        other = http.get(GUID + "x", headers={"authorization": "Bearer guessed"}).status_code
    assert set(guesses) == {401, 429}
    assert (guesses[-1], other) == (429, 429)
    assert scene.admin.get(GUID + scene.own).status_code == httpx.codes.OK
    assert "guessed" not in scene.one.log.read_text()
