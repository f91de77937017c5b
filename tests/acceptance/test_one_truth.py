"""One product seen and edited in turn by Atlan's client and in OpenMetadata's forms: nothing of either side is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest
from pyatlan.errors import NotFoundError
from pyatlan.model.assets import AtlasGlossary, AtlasGlossaryTerm, DataDomain, DataProduct, Table
from pyatlan.model.core import Announcement
from pyatlan.model.custom_metadata import CustomMetadataDict
from pyatlan.model.enums import (
    AnnouncementType,
    AtlanCustomAttributePrimitiveType,
    AtlanTypeCategory,
    CertificateStatus,
    DataProductCriticality,
    EntityStatus,
)
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from pyatlan.model.search import IndexSearchRequest
from pyatlan.model.typedef import AttributeDef, CustomMetadataDef

from tests.acceptance.atlan.conftest import Catalog, catalog
from tests.acceptance.hostile.scene import together

__all__ = ["catalog"]

Json = Any

DOCUMENTED, RELEASED = "/api/v1", "/sdk/2.0/api/v1"
KEPT = {"version", "updatedAt", "updatedBy", "changeDescription"}
"""What every version changes."""
STAMPS = {"updateTime", "updatedBy", "version", "lastModifiedTS"}
"""What every write changes for Atlan's clients, beside the attributes."""

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client's own


def named(*names: str) -> IndexSearchRequest:
    """Return a search for active tables of some names."""
    search = FluentSearch().where(CompoundQuery.active_assets()).where(CompoundQuery.asset_type(Table))
    return search.where(Table.NAME.within(list(names))).to_request()


@dataclass
class Truth:
    """A domain and a product that Atlan's client made, of two of four tables; how each side sees and edits them."""

    catalog: Catalog
    name: str
    tables: dict[str, str] = field(default_factory=dict)
    base: str = DOCUMENTED
    """In which form OpenMetadata's clients write."""

    def __post_init__(self) -> None:
        """Make them."""
        for letter in "abcd":
            self.tables[letter] = self.catalog.table(f"{self.name} {letter}")["guid"]
        assets = self.catalog.client.asset
        (self.domain,) = assets.save(DataDomain.creator(name=f"{self.name} home")).assets_created(DataDomain)
        product = DataProduct.creator(
            name=self.name, asset_selection=self.of("ab"), domain_qualified_name=self.domain.qualified_name
        )
        (made,) = assets.save(product).assets_created(DataProduct)
        self.guid: str = made.guid
        self.qualified_name: str = made.qualified_name

    def of(self, letters: str) -> IndexSearchRequest:
        """Return the search for some of its tables."""
        return named(*(f"{self.name} {letter}" for letter in letters))

    @property
    def path(self) -> str:
        """Where OpenMetadata's clients find the product."""
        return f"{self.base}/dataProducts/{self.guid}"

    def openmetadata(self, base: str = DOCUMENTED) -> Json:
        """Return all that there is to tell of it in OpenMetadata's words."""
        return self.catalog.ask("GET", f"{base}/dataProducts/{self.guid}", params={"fields": "*"})

    def atlan(self) -> Json:
        """Return all that there is to tell of it in Atlan's words, flat."""
        said = self.catalog.read(self.guid)
        parts = ("attributes", "relationshipAttributes")
        others = {name: value for name, value in said.items() if name not in parts}
        return {**others, **{f"{part}.{name}": value for part in parts for name, value in said.get(part, {}).items()}}

    def read(self) -> DataProduct:
        """Return it as Atlan's client reads it."""
        found = self.catalog.client.asset.get_by_guid(self.guid, asset_type=DataProduct, ignore_relationships=False)
        assert isinstance(found, DataProduct)
        return found

    def change(self, **said: Any) -> None:
        """Save some attributes by Atlan's client."""
        product = DataProduct.updater(
            qualified_name=self.qualified_name,
            name=said.pop("name", self.name),
            asset_selection=said.pop("query", None),
        )
        for name, value in said.items():
            setattr(product, name, value)
        self.catalog.client.asset.save(product)

    def patch(self, *steps: Json) -> None:
        """Send a JSON Patch."""
        self.catalog.ask("PATCH", self.path, json=list(steps))

    def upsert(self, **said: Json) -> None:
        """Send it as a whole, as far as is said."""
        body = {"name": self.name, "domains": [self.domain.name], "description": "whole", **said}
        self.catalog.ask("PUT", f"{self.base}/dataProducts", json=body)

    def put(self, what: str, letter: str) -> None:
        """Add or remove a table: an asset or a port."""
        self.catalog.ask("PUT", f"{self.path}/{what}", json={"assets": [{"id": self.tables[letter], "type": "table"}]})

    def letters(self) -> str:
        """Return the members as OpenMetadata's clients list them."""
        page = self.catalog.ask("GET", f"{self.path}/assets", params={"limit": 1000})
        return "".join(sorted(one["name"][-1] for one in page["data"]))

    def user(self) -> Json:
        """Return a reference to a user."""
        return {"id": self.catalog.ask("GET", f"{DOCUMENTED}/users/name/admin")["id"], "type": "user"}


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Numbers, each once."""
    return count(1)


@pytest.fixture
def truth(catalog: Catalog, numbers: Iterator[int]) -> Truth:
    """A product of the test's own."""
    return Truth(catalog, f"Truth {next(numbers)}")


@pytest.fixture(scope="module", autouse=True)
def vocabulary(catalog: Catalog) -> None:
    """Tags, a glossary term, and a set of custom metadata."""
    for name in ("Confidential", "Public", "Renamed"):
        catalog.tag(name)
    assets = catalog.client.asset
    (glossary,) = assets.save(AtlasGlossary.creator(name="Words")).assets_created(AtlasGlossary)
    assets.save(AtlasGlossaryTerm.creator(name="Revenue", glossary_guid=glossary.guid))
    quality = CustomMetadataDef.create(display_name="Quality")
    kind = AtlanCustomAttributePrimitiveType.INTEGER
    quality.attribute_defs = [AttributeDef.create(client=catalog.client, display_name="Rows", attribute_type=kind)]
    catalog.client.typedef.create(quality)


def differing(before: Mapping[str, Json], after: Mapping[str, Json], but: set[str]) -> set[str]:
    """Return the names under which two differ."""
    return {name for name in {*before, *after} - but if before.get(name) != after.get(name)}


Edit = Callable[[Truth], object]


@dataclass(frozen=True)
class Case:
    """An edit on one side, and what it changes: the keys in OpenMetadata's words, the attributes in Atlan's."""

    edit: Edit
    openmetadata: set[str]
    atlan: set[str]


def _set(name: str, value: Json) -> Edit:
    return lambda truth: truth.patch({"op": "add", "path": f"/{name}", "value": value})


IN_OPENMETADATA: Mapping[str, Case] = {
    "pins": Case(lambda t: t.put("assets/add", "c"), set(), set()),
    "excludes": Case(lambda t: t.put("assets/remove", "a"), set(), set()),
    "adds an input port": Case(
        lambda t: t.put("inputPorts/add", "d"),
        set(),
        {"attributes.daapInputPortGuids", "relationshipAttributes.inputPorts"},
    ),
    "adds an output port": Case(
        lambda t: t.put("outputPorts/add", "a"),
        set(),
        {"attributes.daapOutputPortGuids", "relationshipAttributes.outputPorts"},
    ),
    "describes": Case(_set("description", "told"), {"description"}, {"attributes.userDescription"}),
    "shows by another name": Case(_set("displayName", "Shown"), {"displayName"}, {"attributes.displayName"}),
    "gives owners": Case(
        lambda t: t.patch({"op": "add", "path": "/owners", "value": [t.user()]}), {"owners"}, {"attributes.ownerUsers"}
    ),
    "tags": Case(
        _set("tags/-", {"tagFQN": "Confidential", "source": "Classification"}),
        {"tags"},
        {"classificationNames", "classifications"},
    ),
    "selects": Case(
        lambda t: t.patch({"op": "add", "path": "/extension/selection", "value": f'name:"{t.name} d"'}),
        {"extension"},
        {"attributes.dataProductAssetsDSL"},
    ),
    "says how visible": Case(_set("visibility", "PUBLIC"), {"visibility"}, {"attributes.daapVisibility"}),
    "sets a priority": Case(
        _set("portfolioPriority", "CRITICAL"), {"portfolioPriority"}, {"attributes.daapCriticality"}
    ),
    "moves on": Case(_set("lifecycleStage", "DEPRECATED"), {"lifecycleStage"}, {"attributes.daapStatus"}),
    "names experts": Case(
        lambda t: t.patch({"op": "add", "path": "/experts", "value": [t.user()]}), {"experts"}, set()
    ),
    "names reviewers": Case(
        lambda t: t.patch({"op": "add", "path": "/reviewers", "value": [t.user()]}), {"reviewers"}, set()
    ),
    "extends": Case(_set("extension/cost", {"center": 7}), {"extension"}, set()),
    "styles": Case(_set("style", {"color": "#abcdef"}), {"style"}, set()),
    "types": Case(_set("dataProductType", "DATASET"), {"dataProductType"}, set()),
    "approves": Case(_set("entityStatus", "Approved"), {"entityStatus"}, set()),
    "promises": Case(_set("sla", {"tier": "GOLD", "availability": 99.5}), {"sla"}, set()),
    "upserts": Case(
        lambda t: t.upsert(displayName="Whole", tags=[{"tagFQN": "Renamed"}], extension={"owner": "crew"}),
        {"description", "displayName", "tags", "extension"},
        {"attributes.userDescription", "attributes.displayName", "classificationNames", "classifications"},
    ),
}
"""What OpenMetadata's clients do, in this order, on one product."""


def _announce(truth: Truth) -> None:
    said = Announcement(
        announcement_title="Moving", announcement_message="soon", announcement_type=AnnouncementType.WARNING
    )
    truth.catalog.client.asset.update_announcement(DataProduct, truth.qualified_name, truth.name, said)


def _measure(truth: Truth) -> None:
    values = CustomMetadataDict(client=truth.catalog.client, name="Quality")
    values["Rows"] = 12
    truth.catalog.client.asset.update_custom_metadata_attributes(guid=truth.guid, custom_metadata=values)


def _mean(truth: Truth) -> None:
    (term,) = FluentSearch().where(CompoundQuery.asset_type(AtlasGlossaryTerm)).execute(truth.catalog.client)
    truth.catalog.client.asset.append_terms(DataProduct, [term], guid=truth.guid)


IN_ATLAN: Mapping[str, Case] = {
    "describes": Case(lambda t: t.change(user_description="said"), {"description"}, {"attributes.userDescription"}),
    "certifies": Case(
        lambda t: t.change(certificate_status=CertificateStatus.VERIFIED, certificate_status_message="seen"),
        set(),
        {f"attributes.certificate{what}" for what in ("Status", "StatusMessage", "UpdatedAt", "UpdatedBy")},
    ),
    "selects": Case(
        lambda t: t.change(query=t.of("bc")),
        {"extension"},
        {"attributes.dataProductAssetsDSL"},
    ),
    "announces": Case(
        _announce,
        set(),
        {f"attributes.announcement{what}" for what in ("Title", "Message", "Type", "UpdatedAt", "UpdatedBy")},
    ),
    "measures": Case(_measure, set(), {"businessAttributes"}),
    "means": Case(_mean, {"tags"}, {"meaningNames", "meanings", "relationshipAttributes.meanings"}),
    "tags": Case(
        lambda t: t.catalog.client.asset.add_atlan_tags(DataProduct, t.qualified_name, ["Public"]),
        {"tags"},
        {"classificationNames", "classifications"},
    ),
    "gives owners": Case(
        lambda t: t.change(owner_users=["ada"], owner_groups=["crew"]),
        {"owners"},
        {"attributes.ownerUsers", "attributes.ownerGroups"},
    ),
    "weighs": Case(
        lambda t: t.change(daap_criticality=DataProductCriticality.LOW),
        {"portfolioPriority"},
        {"attributes.daapCriticality"},
    ),
    "shows by another name": Case(
        lambda t: t.change(display_name="By Atlan"), {"displayName"}, {"attributes.displayName"}
    ),
}
"""What Atlan's client does, in this order, on one product."""


def edited(truth: Truth, name: str, case: Case) -> list[str]:
    """Make an edit, and return what it did that it should not, or did not that it should."""
    before = truth.openmetadata(), truth.atlan()
    case.edit(truth)
    after = truth.openmetadata(), truth.atlan()
    wrong = []
    told = differing(before[0], after[0], KEPT)
    if told != case.openmetadata:
        wrong.append(f"{name}: changes {told}, not {case.openmetadata}")
    told = differing(before[1], after[1], STAMPS)
    if told != case.atlan:
        wrong.append(f"{name}: changes {told}, not {case.atlan}")
    if round(10 * (after[0]["version"] - before[0]["version"])) != 1:
        wrong.append(f"{name}: from version {before[0]['version']} to {after[0]['version']}")
    return wrong


def standings(truth: Truth) -> dict[str, str]:
    """Return what stands by hand about the tables."""
    found = {}
    for what in ("pins", "exclusions"):
        for one in truth.catalog.ask("GET", f"{truth.path}/{what}")["data"]:
            found[one["asset"]["name"][-1]] = one["decision"]
    return found


def test_what_atlan_made_openmetadata_reads(truth: Truth) -> None:
    """In both forms: the names, the domain, the selection, the members; the first version."""
    for base, name in ((DOCUMENTED, f"{truth.domain.name}.{truth.name}"), (RELEASED, truth.name)):
        told = truth.openmetadata(base)
        assert (told["id"], told["name"], told["fullyQualifiedName"], told["version"]) == (
            truth.guid,
            truth.name,
            name,
            0.1,
        )
        assert [one["id"] for one in told["domains"]] == [truth.domain.guid]
        assert "query" in told["extension"]["selection"]
    assert truth.letters() == "ab"


def test_edits_in_turn(truth: Truth) -> None:
    """Each side's edit, in either form, changes what it is about on both sides and nothing else, and makes one version.

    Both have the last word on what both have a word for.
    """
    pairs = [(f"OpenMetadata {name}", case) for name, case in IN_OPENMETADATA.items()]
    others = [(f"Atlan {name}", case) for name, case in IN_ATLAN.items()]
    mixed = [one for pair in zip(pairs, others, strict=False) for one in pair] + pairs[len(others) :]

    wrong = []
    for at, (name, case) in enumerate(mixed):
        truth.base = (DOCUMENTED, RELEASED)[at // 2 % 2]
        wrong += edited(truth, name, case)

    assert not wrong, "\n".join(wrong)
    assert truth.openmetadata()["version"] == pytest.approx(0.1 * (1 + len(mixed)))
    versions = truth.catalog.ask("GET", f"{truth.path}/versions")["versions"]
    told = [json.loads(one)["version"] for one in versions]
    assert told == [pytest.approx(number / 10) for number in range(len(mixed) + 1, 0, -1)]


def test_atlan_reads_what_openmetadata_wrote(truth: Truth) -> None:
    """With its own client: attributes, ports, the selection and the members that it has now."""
    for case in IN_OPENMETADATA.values():
        case.edit(truth)

    found = truth.read()

    assert found.user_description == "whole"
    assert found.display_name == "Whole"
    assert found.owner_users == {"admin"}
    assert sorted(str(one.type_name) for one in found.atlan_tags) == ["Confidential", "Renamed"]
    assert found.daap_input_port_guids == {truth.tables["d"]}
    assert [one.guid for one in found.input_ports] == [truth.tables["d"]]
    assert [one.guid for one in found.output_ports] == [truth.tables["a"]]
    assert (found.daap_visibility, found.daap_criticality, found.daap_status) == ("Public", "High", "Sunset")
    assert f"{truth.name} d" in found.data_product_assets_d_s_l
    assert [one.guid for one in found.get_assets(truth.catalog.client)] == [truth.tables["d"]]
    assert standings(truth) == {"a": "exclusion", "c": "pin"}
    assert truth.letters() == "cd"


def test_openmetadata_reads_what_atlan_wrote(truth: Truth) -> None:
    """In both forms; what Atlan alone has a word for is not told."""
    for case in IN_ATLAN.values():
        case.edit(truth)

    for base in (DOCUMENTED, RELEASED):
        told = truth.openmetadata(base)
        assert (told["description"], told["displayName"], told["portfolioPriority"]) == ("said", "By Atlan", "LOW")
        assert sorted((one["name"], one["type"]) for one in told["owners"]) == [("ada", "user"), ("crew", "team")]
        assert sorted((one["tagFQN"], one["source"]) for one in told["tags"]) == [
            ("Public", "Classification"),
            ("Words.Revenue", "Glossary"),
        ]
        assert f"{truth.name} c" in json.dumps(told["extension"]["selection"])
    assert truth.letters() == "bc"
    found = truth.read()
    assert found.certificate_status is CertificateStatus.VERIFIED
    assert found.announcement_title == "Moving"
    assert found.get_custom_metadata(truth.catalog.client, "Quality")["Rows"] == 12


def test_sending_back_what_was_read_changes_nothing(truth: Truth) -> None:
    """By either side, in either form, after edits of both: no version is made."""
    for case in (*IN_OPENMETADATA.values(), *IN_ATLAN.values()):
        case.edit(truth)
    before, flat = truth.openmetadata(), truth.atlan()
    for base in (DOCUMENTED, RELEASED):
        told = truth.openmetadata(base)
        steps = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in told.items()]
        truth.catalog.ask("PATCH", f"{base}/dataProducts/{truth.guid}", json=steps)
        upsert = {
            name: told[name]
            for name in (
                "name",
                "displayName",
                "description",
                "domains",
                "owners",
                "tags",
                "style",
                "extension",
                "visibility",
            )
        }
        truth.catalog.ask("PUT", f"{base}/dataProducts", json=upsert)
    truth.catalog.save(
        {name: value for name, value in truth.catalog.read(truth.guid).items() if name != "relationshipAttributes"}
    )
    assert truth.openmetadata() == before
    assert truth.atlan() == flat


def test_archived_on_one_side_is_archived_on_the_other(truth: Truth) -> None:
    """And comes back from either, with all that it had."""
    for case in (*IN_OPENMETADATA.values(), *IN_ATLAN.values()):
        case.edit(truth)
    assets, ask = truth.catalog.client.asset, truth.catalog.ask
    before, flat, held, stood = truth.openmetadata(), truth.atlan(), truth.letters(), standings(truth)

    def archived() -> bool:
        ask("GET", truth.path, code=404)
        ask("GET", f"{RELEASED}/dataProducts/{truth.guid}", code=404)
        gone = ask("GET", truth.path, params={"include": "deleted"})
        with pytest.raises(NotFoundError):
            assets.find_product_by_name(name=truth.name)
        status = assets.get_by_guid(truth.guid, asset_type=DataProduct).status
        return (gone["deleted"], status) == (True, EntityStatus.DELETED)

    def back() -> bool:
        same = not differing(before, truth.openmetadata(), KEPT) and not differing(flat, truth.atlan(), STAMPS)
        return same and (truth.letters(), standings(truth)) == (held, stood)

    for base in (DOCUMENTED, RELEASED):
        assets.delete_by_guid(truth.guid)
        assert archived()
        ask("PUT", f"{base}/dataProducts/restore", json={"id": truth.guid})
        assert back()
        ask("DELETE", f"{base}/dataProducts/{truth.guid}")
        assert archived()
        assert assets.restore(DataProduct, truth.qualified_name)
        assert back()
    assert truth.openmetadata()["version"] == pytest.approx(before["version"] + 0.8)


@pytest.mark.parametrize("base", [DOCUMENTED, RELEASED])
def test_gone_on_one_side_is_gone_on_the_other(truth: Truth, base: str) -> None:
    """For good."""
    truth.catalog.ask("DELETE", f"{base}/dataProducts/{truth.guid}", params={"hardDelete": "true"})
    truth.catalog.ask("GET", truth.path, params={"include": "all"}, code=404)
    with pytest.raises(NotFoundError):
        truth.catalog.client.asset.get_by_guid(truth.guid, asset_type=DataProduct)


def test_a_domain_that_atlan_moves_is_elsewhere_for_openmetadata(truth: Truth) -> None:
    """By its dotted name and that of the product in it; the old names are nobody's."""
    assets, ask = truth.catalog.client.asset, truth.catalog.ask
    (above,) = assets.save(DataDomain.creator(name=f"{truth.name} above")).assets_created(DataDomain)
    old = f"{truth.domain.name}.{truth.name}"
    assert ask("GET", f"{DOCUMENTED}/dataProducts/name/{old}")["id"] == truth.guid
    moving = DataDomain.updater(qualified_name=truth.domain.qualified_name, name=truth.domain.name)
    moving.parent_domain = DataDomain.ref_by_guid(above.guid)
    assets.save(moving)

    new = f"{above.name}.{truth.domain.name}"
    told = ask("GET", f"{DOCUMENTED}/dataProducts/name/{new}.{truth.name}")
    assert (told["id"], told["fullyQualifiedName"]) == (truth.guid, f"{new}.{truth.name}")
    assert told["domain"]["fullyQualifiedName"] == told["domains"][0]["fullyQualifiedName"] == new
    home = ask("GET", f"{DOCUMENTED}/domains/name/{new}")
    assert (home["id"], home["parent"]["id"]) == (truth.domain.guid, above.guid)
    ask("GET", f"{DOCUMENTED}/dataProducts/name/{old}", code=404)
    ask("GET", f"{DOCUMENTED}/domains/name/{truth.domain.name}", code=404)
    listed = ask("GET", f"{DOCUMENTED}/dataProducts", params={"domain": above.name})["data"]
    assert [one["id"] for one in listed] == [truth.guid]
    assert truth.letters() == "ab"


def test_a_product_that_openmetadata_moves_is_elsewhere_for_atlan(truth: Truth) -> None:
    """In the domain that it was moved to, with what both sides know of it, and one version later."""
    for case in (*IN_OPENMETADATA.values(), *IN_ATLAN.values()):
        case.edit(truth)
    before, flat, held, stood = truth.openmetadata(), truth.atlan(), truth.letters(), standings(truth)
    assets = truth.catalog.client.asset
    (other,) = assets.save(DataDomain.creator(name=f"{truth.name} other")).assets_created(DataDomain)

    truth.patch({"op": "replace", "path": "/domains", "value": [{"id": other.guid, "type": "domain"}]})

    after = truth.openmetadata()
    assert differing(before, after, KEPT) == {"domain", "domains", "fullyQualifiedName"}
    assert after["fullyQualifiedName"] == f"{other.name}.{truth.name}"
    assert after["version"] == pytest.approx(before["version"] + 0.1)
    names = ("qualifiedName", "parentDomainQualifiedName", "superDomainQualifiedName")
    moved = {*(f"attributes.{name}" for name in names), "relationshipAttributes.dataDomain"}
    assert differing(flat, truth.atlan(), STAMPS) == moved
    found = truth.read()
    assert found.data_domain.guid == other.guid
    assert found.qualified_name.startswith(f"{other.qualified_name}/product/")
    assert (truth.letters(), standings(truth)) == (held, stood)


def test_a_domain_that_openmetadata_moves_is_elsewhere_for_atlan(truth: Truth) -> None:
    """With the product in it, which its client finds by its new qualified name."""
    above = truth.catalog.ask(
        "POST", f"{DOCUMENTED}/domains", json={"name": f"{truth.name} above", "description": "d", "domainType": "Aggregate"}, code=201
    )  # fmt: skip
    path = f"{DOCUMENTED}/domains/{truth.domain.guid}"
    steps = [{"op": "add", "path": "/parent", "value": {"id": above["id"], "type": "domain"}}]
    moved = truth.catalog.ask("PATCH", path, json=steps)
    assert moved["fullyQualifiedName"] == f"{above['name']}.{truth.domain.name}"
    found = truth.read()
    home = truth.catalog.client.asset.get_by_guid(truth.domain.guid, asset_type=DataDomain, ignore_relationships=False)
    assert home.parent_domain.guid == above["id"]
    assert found.parent_domain_qualified_name == home.qualified_name
    assert found.super_domain_qualified_name == home.super_domain_qualified_name
    assert truth.letters() == "ab"


def test_a_tag_that_atlan_renames_has_its_new_name(truth: Truth) -> None:
    """In OpenMetadata's words too: on the product, and to be put on another."""
    client, label = truth.catalog.client, {"source": "Classification"}
    truth.patch({"op": "add", "path": "/tags/-", "value": {"tagFQN": "Renamed", **label}})
    (definition,) = [
        one
        for one in client.typedef.get(AtlanTypeCategory.CLASSIFICATION).atlan_tag_defs
        if one.display_name == "Renamed"
    ]
    definition.display_name = f"New {truth.name}"
    client.typedef.update(definition)

    assert [one["tagFQN"] for one in truth.openmetadata()["tags"]] == [definition.display_name]
    truth.patch({"op": "remove", "path": "/tags/0"})
    assert truth.openmetadata()["tags"] == []
    unknown = [{"op": "add", "path": "/tags/-", "value": {"tagFQN": "Renamed", **label}}]
    truth.catalog.ask("PATCH", truth.path, json=unknown, code=404)
    truth.patch({"op": "add", "path": "/tags/-", "value": {"tagFQN": definition.display_name, **label}})
    definition.display_name = "Renamed"
    client.typedef.update(definition)
    assert [one["tagFQN"] for one in truth.openmetadata()["tags"]] == ["Renamed"]


TIMES = 24
AT_ONCE: tuple[Callable[[Truth, httpx.Client, int], httpx.Response], ...] = (
    lambda t, http, at: http.patch(t.path, json=[{"op": "add", "path": f"/extension/n{at}", "value": at}]),
    lambda t, http, at: http.post(
        "/api/meta/entity/bulk",
        json={
            "entities": [_attribute(t, ("certificateStatusMessage", "announcementTitle", "assetThemeHex")[at % 3], at)]
        },
    ),
    lambda t, http, at: http.patch(
        t.path,
        json=[
            (
                {"op": "add", "path": "/style", "value": {"color": "#123456"}},
                {"op": "add", "path": "/dataProductType", "value": "DATASET"},
                {"op": "add", "path": "/displayName", "value": "At once"},
            )[at % 3]
        ],
    ),
    lambda t, http, at: http.put(
        f"{t.path}/{('assets', 'inputPorts')[at // 4 % 2]}/add",
        json={"assets": [{"id": t.tables["cd"[at // 4 % 2]], "type": "table"}]},
    ),
)
"""What is done at once, by turns."""


def _attribute(truth: Truth, name: str, at: int) -> Json:
    attributes = {"name": truth.name, "qualifiedName": truth.qualified_name, name: f"{name} {at}"}
    return {"typeName": "DataProduct", "guid": truth.guid, "attributes": attributes}


def test_nothing_is_lost_of_what_is_written_at_once(truth: Truth) -> None:
    """By patches, saves, pins and ports, in threads: each had its effect, on what the others left."""

    def work(http: httpx.Client, at: int) -> int:
        return AT_ONCE[at % len(AT_ONCE)](truth, http, at).status_code

    assert together(truth.catalog.served, work, TIMES) == [httpx.codes.OK] * TIMES

    told, flat = truth.openmetadata(), truth.atlan()
    numbers = {f"n{at}": at for at in range(TIMES) if at % len(AT_ONCE) == 0}
    assert {name: value for name, value in told["extension"].items() if name != "selection"} == numbers
    assert (told["style"], told["dataProductType"], told["displayName"]) == ({"color": "#123456"}, "DATASET", "At once")
    assert all(
        flat[f"attributes.{name}"].startswith(name)
        for name in ("certificateStatusMessage", "announcementTitle", "assetThemeHex")
    )
    assert flat["attributes.daapInputPortGuids"] == [truth.tables["d"]]
    assert standings(truth) == {"c": "pin"}
    versions = truth.catalog.ask("GET", f"{truth.path}/versions")["versions"]
    assert len(versions) == round(10 * told["version"])


def test_who_creates_the_same_at_once_creates_one(truth: Truth) -> None:
    """The others update it: what came first is told by the status."""
    body = {"name": f"{truth.name} twin", "description": "d", "domains": [truth.domain.name]}

    def work(http: httpx.Client, at: int) -> int:
        said = {**body, "extension": {f"n{at}": at}}
        return http.put((f"{DOCUMENTED}", RELEASED)[at % 2] + "/dataProducts", json=said).status_code

    codes = together(truth.catalog.served, work, 12)
    assert sorted(codes) == [200] * 11 + [201]
    name = f"{truth.domain.name}.{truth.name} twin"
    twin = truth.catalog.ask("GET", f"{DOCUMENTED}/dataProducts/name/{name}", params={"fields": "*"})
    assert twin["version"] == pytest.approx(1.2)
