"""What OpenMetadata calls the types of entities: its words for ours, and each other type in its way of writing."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from muster.catalog.types import ancestors

NAMES: Final[Mapping[str, str]] = {
    "table": """
        Table View MaterialisedView CalculationView CassandraTable CassandraView MongoDBCollection DynamoDBTable
        CosmosMongoDBCollection DocumentDBCollection DremioPhysicalDataset DremioVirtualDataset IcebergTable SapErpTable
        SapErpView SapErpCdsView SalesforceObject DataverseEntity StarburstDataset""",
    "database": "Database MongoDBDatabase CosmosMongoDBDatabase DocumentDBDatabase",
    "databaseSchema": "Schema CassandraKeyspace IcebergNamespace",
    "storedProcedure": "Procedure Function BigqueryRoutine SapErpFunctionModule",
    "query": "Query",
    "topic": "KafkaTopic AzureEventHub AzureServiceBusTopic",
    "dashboard": """
        LookerDashboard TableauDashboard TableauWorkbook PowerBIDashboard PowerBIReport MetabaseDashboard ModeReport
        PresetDashboard QuickSightDashboard QuickSightAnalysis RedashDashboard SalesforceDashboard SalesforceReport
        SigmaWorkbook SisenseDashboard SupersetDashboard ThoughtspotLiveboard DomoDashboard MicroStrategyDossier
        MicroStrategyReport MicroStrategyDocument CognosDashboard CognosReport DatabricksDashboard FabricDashboard
        FabricReport SSRSReport QlikSheet DataStudioAsset SapAnalyticsCloudStory""",
    "chart": """
        LookerLook LookerTile TableauWorksheet PowerBITile FabricVisual MetabaseQuestion ModeChart PresetChart SupersetChart
        QlikChart QuickSightDashboardVisual QuickSightAnalysisVisual DomoCard MicroStrategyVisualization
        RedashVisualization SisenseWidget ThoughtspotAnswer ThoughtspotDashlet""",
    "dashboardDataModel": """
        LookerExplore LookerView LookerModel TableauDatasource PowerBIDataset PowerBIDataflow FabricSemanticModel
        PresetDataset SupersetDataset QuickSightDataset SigmaDataset SigmaDataModel QlikDataset DomoDataset
        CognosDataset SisenseDatamodel ThoughtspotWorksheet ThoughtspotView MicroStrategyCube SSRSDataSet SemanticModel""",
    "pipeline": """
        AirflowDag AdfPipeline AdfDataflow FabricDataPipeline FabricDataflow FivetranConnector MatillionJob SparkJob
        SnowflakePipe TableauFlow FlowReusableUnit""",
    "mlmodel": "AIModel SageMakerModel",
    "container": """
        S3Bucket S3Prefix S3Object GCSBucket GCSObject ADLSContainer ADLSObject UnstructuredContainer UnstructuredFolder
        UnstructuredObject DatabricksVolume SnowflakeStage""",
    "apiCollection": "APISpec",
    "apiEndpoint": "APIPath",
    "glossary": "AtlasGlossary",
    "glossaryTerm": "AtlasGlossaryTerm",
    "domain": "DataDomain",
    "dataProduct": "DataProduct",
    "dataContract": "DataContract",
    "metric": "Metric",
    "file": "File",
    "directory": "Folder",
}
"""By OpenMetadata's word, the types that it stands for; a type below one of them is one too, the nearest counts."""

_KINDS: Final[Mapping[str, str]] = {name: kind for kind, names in NAMES.items() for name in names.split()}


@cache
def kind_of(type_name: str) -> str:
    """Return OpenMetadata's word for a type; where it has none, the type's name as OpenMetadata would write it."""
    line = (type_name, *ancestors(type_name))
    known = next((_KINDS[name] for name in line if name in _KINDS), None)
    return known or type_name[:1].lower() + type_name[1:]
