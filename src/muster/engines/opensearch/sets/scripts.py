"""The scripts by which a server answers with whole sets: constant texts, so that it compiles each of them once.

What a user asks never becomes part of a script: it stands in the query, or among the parameters.
"""

from collections.abc import Sequence
from types import MappingProxyType

from muster.engines.opensearch.server import Json

EXPORT = "export"
"""Name of the aggregation that answers with a set, and so of its place in an answer."""

_INIT = "state.bytes = new byte[16]; state.at = new long[2];"

_MAP = """
long[] at = (long[]) state.at;
byte[] bytes = (byte[]) state.bytes;
int end = (int) at[0];
if (end + 10 > bytes.length) {
    byte[] wider = new byte[2 * bytes.length];
    System.arraycopy(bytes, 0, wider, 0, end);
    bytes = wider;
    state.bytes = wider;
}
long ordinal = doc['__ordinal'].value;
long step = ordinal - at[1];
step = (step << 1) ^ (step >> 63);
while (step > 127L) {
    bytes[end++] = (byte) (step | 128L);
    step >>>= 7;
}
bytes[end++] = (byte) step;
at[0] = end;
at[1] = ordinal;
"""
"""Append the step from the ordinal before, as zigzag varint: mostly one byte, since ordinals come nearly in order.

The array doubles by `arraycopy`: a script may go round its loops a million times only.
"""

_COMBINE = """
int end = (int) ((long[]) state.at)[0];
byte[] bytes = new byte[end];
System.arraycopy((byte[]) state.bytes, 0, bytes, 0, end);
return Base64.getEncoder().encodeToString(bytes);
"""

_LABEL = """
List prefixes = (List) params.prefixes;
List parents = (List) params.parents;
def values = doc[params.field];
List labels = new ArrayList();
for (int i = 0; i < values.size(); i++) {
    String value = (String) values.get(i);
    int low = 0;
    int high = prefixes.size();
    while (low < high) {
        int middle = (low + high) >>> 1;
        if (value.compareTo((String) prefixes.get(middle)) < 0) { high = middle; } else { low = middle + 1; }
    }
    int label = low - 1;
    while (label >= 0 && !value.startsWith((String) prefixes.get(label))) { label = (int) parents.get(label); }
    if (label >= 0) { labels.add(label); }
}
return labels;
"""
"""Number each value by the longest of the prefixes that it starts with; those around that one are its parents.

The prefixes are in the order of Java's strings, so that the last one not above a value, or one around it, is the longest.
"""


def export() -> Json:
    """Return the aggregation that answers with the ordinals of its documents: texts for `decoding`, one or more."""
    scripts = {"init_script": _INIT, "map_script": _MAP, "combine_script": _COMBINE, "reduce_script": "return states;"}
    return {"scripted_metric": {name: _painless(text) for name, text in scripts.items()}}


def label(field: str, prefixes: Sequence[str], parents: Sequence[int]) -> Json:
    """Return the script that numbers a document's values by the longest prefix of each.

    `prefixes` are in order of their UTF-16 units; `parents` holds for each the number of the next shorter one that it
    starts with, or -1.
    """
    return _painless(_LABEL, {"field": field, "prefixes": prefixes, "parents": parents})


def _painless(source: str, params: Json = MappingProxyType({})) -> Json:
    return {"lang": "painless", "source": source, "params": dict(params)}
