"""dbt projects, from the artifacts that dbt writes."""

from muster.importers.dbt.project import DbtProject, read_dbt

__all__ = ["DbtProject", "read_dbt"]
