"""What becomes of the relations: exposures that show them, tests that check them, processes that join them up."""

from collections.abc import Iterator

from muster.catalog.entity import EntityDraft, Key
from muster.importers.dbt.facts import certificate, json_text, people, stated
from muster.importers.dbt.lineage import Flow
from muster.importers.dbt.node import MODELS, Node
from muster.importers.dbt.nodes import in_project, of_dbt, related
from muster.importers.dbt.plan import Plan, tested, tested_column
from muster.importers.dbt.section import Section


def sections(plan: Plan) -> list[Section]:
    """Return tests, exposures and processes."""
    tests, exposures, flows = plan.of("test", "unit_test"), plan.of("exposure"), plan.lineage.flows
    return [
        Section(len(tests), lambda: (_test(plan, test) for test in tests)),
        Section(len(exposures), lambda: (_exposure(plan, exposure) for exposure in exposures)),
        Section(len(flows), lambda: (_process(plan, flow) for flow in flows)),
    ]


def _test(plan: Plan, test: Node) -> EntityDraft:
    result = plan.results.get(test.unique_id, {})
    attributes = of_dbt(plan, test) | stated(
        subType=_sort(test),
        dbtTestStatus=result.get("status"),
        dbtTestError=result.get("message") if result.get("status") in ("fail", "error") else None,
        dbtTestRawCode=test.raw_code,
        dbtTestCompiledCode=test.compiled_code,
        dbtTestLanguage=test.raw.get("language"),
    )
    return EntityDraft(plan.key(test), attributes, tags=test.tags, relationships=_about(plan, test))


def _sort(test: Node) -> str:
    if test.kind == "unit_test":
        return "unit"
    return "generic" if test.raw.get("test_metadata") else "singular"


def _about(plan: Plan, test: Node) -> dict[str, tuple[Key, ...]]:
    nodes = tested(test, plan.nodes)
    relations = dict.fromkeys(plan.relation_of[node.unique_id].key for node in nodes if node.has_relation)
    return related(
        dbtModels=tuple(plan.key(node) for node in nodes if node.kind in MODELS),
        dbtSources=tuple(plan.key(node) for node in nodes if node.kind == "source"),
        dbtModelColumns=tuple(_columns(plan, test, nodes)),
        sqlAssets=tuple(relations),
    )


def _columns(plan: Plan, test: Node, nodes: list[Node]) -> Iterator[Key]:
    for node in nodes:
        name = tested_column(test, plan.columns(node)) if node.kind in (*MODELS, "seed") else None
        if name is not None:
            yield plan.column(node, name)


def _exposure(plan: Plan, exposure: Node) -> EntityDraft:
    key = plan.key(exposure)
    attributes = {
        "name": exposure.name,
        **stated(
            displayName=exposure.raw.get("label"),
            description=exposure.description,
            subType=exposure.raw.get("type"),
            sourceURL=exposure.raw.get("url"),
            certificateStatus=certificate(exposure.meta),
            **people(exposure, plan.groups),
            assetDbtUniqueId=exposure.unique_id,
            assetDbtMeta=json_text(exposure.meta),
            assetDbtPackageName=exposure.package,
            assetDbtProjectName=plan.project,
            assetDbtEnvironmentDbtVersion=plan.metadata.get("dbt_version"),
            assetDbtTags=list(exposure.tags),
        ),
        **in_project(plan),
        "__hasLineage": plan.lineage.has(key),
    }
    return EntityDraft(key, attributes, tags=exposure.tags, relationships=plan.lineage.links(key))


def _process(plan: Plan, flow: Flow) -> EntityDraft:
    attributes = {
        "name": flow.node.name,
        **stated(
            dbtUniqueId=flow.node.unique_id,
            dbtProcessJobStatus=plan.status(flow.node.unique_id),
            dbtPackageName=flow.node.package,
        ),
        "dbtProjectName": plan.project,
        **in_project(plan),
    }
    return EntityDraft(flow.process, attributes, relationships={"inputs": flow.inputs, "outputs": (flow.output,)})
