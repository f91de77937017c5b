"""The type system as its readers rely on it."""

import subprocess
import sys

import pytest

from muster.catalog.schema import Attribute, AttributeKind, Relation, attribute, relation, relations
from muster.catalog.types import supertypes

TEXT, WHOLE, TRUTH = AttributeKind.TEXT, AttributeKind.WHOLE, AttributeKind.TRUTH

ATTRIBUTES = {
    "Table.name": Attribute("name", TEXT),
    "Table.qualifiedName": Attribute("qualifiedName", TEXT),
    "Table.ownerUsers": Attribute("ownerUsers", TEXT, many=True),
    "Table.columnCount": Attribute("columnCount", WHOLE),
    "Table.hasContract": Attribute("hasContract", TRUTH),
    "Table.certificateUpdatedAt": Attribute("certificateUpdatedAt", AttributeKind.TIME),
    "Table.popularityScore": Attribute("popularityScore", AttributeKind.FRACTION),
    "Table.sourceReadTopUserRecordList": Attribute("sourceReadTopUserRecordList", AttributeKind.STRUCT, many=True),
    "DbtMetric.metricType": Attribute("metricType", TEXT),
    "BigqueryTag.databaseName": Attribute("databaseName", TEXT),
    "NoSuchType.ownerUsers": Attribute("ownerUsers", TEXT, many=True),
    "Table.noSuchAttribute": None,
    "DataDomain.daapStatus": None,
    "Table.columns": None,
}
"""Own attributes, inherited ones, those of a second supertype, those of a type that nobody knows, and none."""

PAIRS = {
    "DataDomain.parentDomain": "DataDomain.subDomains[]",
    "DataProduct.dataDomain": "DataDomain.dataProducts[]",
    "DataProduct.outputPorts[]": "Asset.outputPortDataProducts[]",
    "DataProduct.inputPorts[]": "Asset.inputPortDataProducts[]",
    "Stakeholder.stakeholderDataDomain": "DataDomain.stakeholders[]",
    "Schema.database": "Database.schemas[]",
    "Table.atlanSchema": "Schema.tables[]",
    "View.atlanSchema": "Schema.views[]",
    "MaterialisedView.atlanSchema": "Schema.materialisedViews[]",
    "SnowflakeDynamicTable.atlanSchema": "Schema.snowflakeDynamicTables[]",
    "Procedure.atlanSchema": "Schema.procedures[]",
    "Column.table": "Table.columns[]",
    "Column.view": "View.columns[]",
    "Column.materialisedView": "MaterialisedView.columns[]",
    "Column.snowflakeDynamicTable": "SnowflakeDynamicTable.columns[]",
    "TablePartition.parentTable": "Table.partitions[]",
    "Query.tables[]": "Table.queries[]",
    "Process.inputs[]": "Catalog.inputToProcesses[]",
    "Process.outputs[]": "Catalog.outputFromProcesses[]",
    "ColumnProcess.process": "Process.columnProcesses[]",
    "AtlasGlossaryTerm.anchor": "AtlasGlossary.terms[]",
    "AtlasGlossaryCategory.anchor": "AtlasGlossary.categories[]",
    "AtlasGlossaryTerm.categories[]": "AtlasGlossaryCategory.terms[]",
    "AtlasGlossaryCategory.parentCategory": "AtlasGlossaryCategory.childrenCategories[]",
    "Referenceable.meanings[]": "AtlasGlossaryTerm.assignedEntities[]",
    "Readme.asset": "Asset.readme",
    "Link.asset": "Asset.links[]",
    "File.fileAssets": "Asset.files[]",
    "Asset.dataContractLatest": "DataContract.dataContractAssetLatest",
    "Asset.dataContractLatestCertified": "DataContract.dataContractAssetCertified",
    "DataContract.dataContractPreviousVersion": "DataContract.dataContractNextVersion",
    "DbtModel.sqlAsset": "SQL.dbtModels[]",
    "DbtSource.sqlAsset": "SQL.dbtSources[]",
    "DbtSeed.dbtSeedSqlAssets[]": "SQL.dbtSeedAssets[]",
    "DbtModelColumn.sqlColumn": "Column.dbtModelColumns[]",
    "DbtModelColumn.dbtModel": "DbtModel.dbtModelColumns[]",
    "DbtModelColumn.dbtSeed": "DbtSeed.dbtModelColumns[]",
    "DbtTest.sqlAssets[]": "SQL.dbtTests[]",
    "DbtTest.dbtModels[]": "DbtModel.dbtTests[]",
    "DbtTest.dbtSources[]": "DbtSource.dbtTests[]",
    "DbtTest.dbtModelColumns[]": "DbtModelColumn.dbtTests[]",
    "DbtMetric.dbtModel": "DbtModel.dbtMetrics[]",
    "Metric.assets[]": "Asset.metrics[]",
    "SemanticMeasure.semanticModel": "SemanticModel.semanticMeasures[]",
}
"""The side that owns -> the other side: what the record keeps, and what it reckons from that."""

EVERY = [(name, one) for name in supertypes() for one in relations(name).values()]


@pytest.mark.parametrize("place", ATTRIBUTES)
def test_attribute(place: str) -> None:
    """An attribute is found on the type, on what it descends from, and nowhere else; unknown types are assets."""
    assert attribute(*place.split(".")) == ATTRIBUTES[place]


@pytest.mark.parametrize("owner", PAIRS)
def test_both_sides(owner: str) -> None:
    """Both sides of a relationship are known, each names the other, and one of them owns it."""
    (of, name), (target, inverse) = owner.split("."), PAIRS[owner].split(".")
    one, many = name.removesuffix("[]"), inverse.removesuffix("[]")
    assert relation(of, one) == Relation(one, target, name != one, many, owner=True)
    assert relation(target, many) == Relation(many, of, inverse != many, one, owner=False)


def test_there_and_back() -> None:
    """The inverse of the inverse of any relationship of any type is itself, and one of the two sides owns it."""
    for type_name, one in EVERY:
        if one.inverse is None:
            assert one.owner, (type_name, one)
            continue
        back = relation(one.target, one.inverse)
        assert back is not None, (type_name, one)
        assert back.inverse == one.name, (type_name, one, back)
        assert back.owner != one.owner or back.name == one.name, (type_name, one, back)


def test_targets_are_types() -> None:
    """Every relationship leads to a type that there is."""
    assert {one.target for _, one in EVERY} <= {*supertypes(), "Referenceable"}


def test_the_one_of_many_owns() -> None:
    """Where one side has one and the other many, the one owns: it is what its entity says of itself."""
    for type_name, one in EVERY:
        back = relation(one.target, one.inverse) if one.inverse else None
        if back is not None and one.many != back.many:
            assert one.owner is not one.many, (type_name, one)


def test_second_supertype() -> None:
    """A type with two supertypes has the relationships of both, each with the inverse that it has there."""
    assert relation("BigqueryTag", "dbtModels") == relation("SQL", "dbtModels")
    assert relation("DbtMetric", "assets") == relation("Metric", "assets")
    assert relation("SAPColumnProcess", "inputs") == relation("Process", "inputs")


def test_unknown_type() -> None:
    """A type that nobody knows has the relationships of an asset."""
    assert relations("NoSuchType") == relations("Asset")
    assert relation("NoSuchType", "columns") is None


def test_loads_fast() -> None:
    """The whole type system takes less than a twentieth of a second of work to load: every command pays for it."""
    code = (
        "import time; from muster.catalog.schema import attribute, relation; start = time.process_time();"
        "attribute('Table', 'name'); relation('Table', 'columns'); print(time.process_time() - start)"
    )
    took = min(float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3))
    assert took < 0.05
