"""Random assets and selections: every judge gives the same ids, or every judge refuses.

`MUSTER_DIFFERENTIAL` says how many selections are tried, and makes them new ones each run; by default six hundred,
always the same.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance import loading, parts
from tests.conformance.judges import Judge, Refused, Unsupported, Verdict
from tests.properties import strategies
from tests.servers import report

_AT_ONCE = 12
_ASKED = os.environ.get("MUSTER_DIFFERENTIAL")
_EXAMPLES = -(-int(_ASKED or 600) // _AT_ONCE)


@pytest.fixture(scope="module")
def judges(every_judge: Mapping[str, Judge]) -> Mapping[str, Judge]:
    """The judges at hand, of which there must be two to differ."""
    if len(every_judge) < 2:
        pytest.skip(f"only {', '.join(every_judge) or 'no judge'} at hand, and nobody to differ from")
    return every_judge


@pytest.mark.timeout(0)  # as long as the number of examples takes
@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    derandomize=_ASKED is None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(corpus=strategies.corpora, selections=st.lists(strategies.selections, min_size=_AT_ONCE, max_size=_AT_ONCE))
def test_all_judges_agree(judges: Mapping[str, Judge], corpus: loading.Corpus, selections: list[loading.Json]) -> None:
    """All judges give the same ids for every selection over the corpus, or all refuse it."""
    now = dt.datetime.now(dt.UTC)
    verdicts = {name: judge(corpus, loading.MAPPING, selections, now) for name, judge in judges.items()}
    for position, selection in enumerate(selections):
        given = {name: one[position] for name, one in verdicts.items()}
        if _differ(given.values()) and not _is_strict(judges, corpus, selection, given):
            pytest.fail(f"\ncorpus    {corpus}\nselection {selection}\nverdicts  {given}")
    report.count("differential", "random corpora")
    for _ in selections:
        report.count(f"differential, {' and '.join(judges)}", "random selections agree")


def _differ(verdicts: Iterable[Verdict]) -> bool:
    """Whether two judges disagree; one that does not support the selection has no say."""
    with_say = [verdict for verdict in verdicts if not isinstance(verdict, Unsupported)]
    return len({"refused" if isinstance(verdict, Refused) else verdict for verdict in with_say}) > 1


def _is_strict(
    judges: Mapping[str, Judge], corpus: loading.Corpus, selection: loading.Json, given: Mapping[str, Verdict]
) -> bool:
    """Whether Muster refuses for a clause that the server refuses too, but passed over here.

    The server does not look at a clause beside one that matches nothing anyway, however malformed it is.
    """
    if not all(isinstance(given[name], Refused) for name in given if name != "opensearch"):
        return False
    alone = judges["opensearch"](corpus, loading.MAPPING, list(parts.leaves(selection)), dt.datetime.now(dt.UTC))
    return any(isinstance(verdict, Refused) for verdict in alone)
