"""The fluent builder.

from muster.query.build import F, select

select("Table", "View").active().where(F.certificate_status == "VERIFIED").where_not(F.tags.has("PII"))
"""

from muster.query.build.condition import Condition, Criterion, as_node
from muster.query.build.known import F, Fields, field
from muster.query.build.selecting import Selecting, nested, select

__all__ = ["Condition", "Criterion", "F", "Fields", "Selecting", "as_node", "field", "nested", "select"]
