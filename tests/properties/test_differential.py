"""Random assets and selections: every judge gives the same ids, or every judge refuses.

`MUSTER_DIFFERENTIAL` says how many selections are tried, and makes them new ones each run; by default about a thousand,
always the same.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance import loading
from tests.conformance.judges import Judge, Refused, Unsupported, Verdict
from tests.properties import strategies
from tests.servers import report

_AT_ONCE = 12
_ASKED = os.environ.get("MUSTER_DIFFERENTIAL")
_EXAMPLES = max(1, int(_ASKED or 1200) // _AT_ONCE)
_NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def judges(every_judge: Mapping[str, Judge]) -> Mapping[str, Judge]:
    """The judges at hand, of which there must be two to differ."""
    if len(every_judge) < 2:
        pytest.skip(f"only {', '.join(every_judge) or 'no judge'} at hand, and nobody to differ from")
    return every_judge


@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    derandomize=_ASKED is None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(corpus=strategies.corpora, selections=st.lists(strategies.selections, min_size=_AT_ONCE, max_size=_AT_ONCE))
def test_all_judges_agree(judges: Mapping[str, Judge], corpus: loading.Corpus, selections: list[loading.Json]) -> None:
    """All judges give the same ids for every selection over the corpus."""
    verdicts = {name: judge(corpus, loading.MAPPING, selections, _NOW) for name, judge in judges.items()}
    for position, selection in enumerate(selections):
        differing = _differing({name: given[position] for name, given in verdicts.items()})
        assert not differing, f"\ncorpus    {corpus}\nselection {selection}\n{differing}"
    report.count("differential", "random corpora")
    for _ in selections:
        report.count(f"differential, {' and '.join(judges)}", "random selections agree")


def _differing(verdicts: Mapping[str, Verdict]) -> Mapping[str, Verdict]:
    """The verdicts when they differ, else nothing; a judge that does not support the selection has no say."""
    with_say = [verdict for verdict in verdicts.values() if not isinstance(verdict, Unsupported)]
    said = {"refused" if isinstance(verdict, Refused) else verdict for verdict in with_say}
    return verdicts if len(said) > 1 else {}
