"""What parts of typedefs may hold: one that Atlan's clients cannot read keeps them from reading any."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from muster.errors import InvalidInput

CARDINALITIES: Final = ("SINGLE", "LIST", "SET")
VERSIONS: Final = ("v1", "v2")

TRUTHS: Final = frozenset(
    {
        *("skipDisplayNameUniquenessCheck", "isNew", "includeInNotification", "isIndexable", "isOptional", "isUnique"),
        *("allowSearch", "allowFiltering", "multiValueSelect", "showInOverview", "isEnum", "isRichText", "isArchived"),
        *("isDefaultValueNull", "isLocked"),
    }
)
TEXTS: Final = frozenset(
    {
        *("description", "applicableEntityTypes", "maxStrLength", "customType"),
        *("primitiveType", "applicableConnections", "applicableGlossaries", "applicableDomains", "assetTypesList"),
        *("glossaryTypeList", "glossaryList", "domainTypesList", "fileTypeList", "otherAssetTypeList", "enumType"),
        *("applicableAssetTypes", "applicableGlossaryTypes", "applicableDomainTypes", "applicableOtherAssetTypes"),
        *("typeName", "serviceType", "typeVersion", "emoji", "logoType", "logoUrl", "aiAssetsTypeList"),
    }
)
NUMBERS: Final = frozenset({"ordinal", "valuesMinCount", "valuesMaxCount"})


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value.lower() in {"true", "false"})


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1 << 53 and value == int(value)
    )


_Test = tuple[Callable[[Any], bool], str]

TESTS: Final[Mapping[str, _Test]] = {
    **dict.fromkeys(TRUTHS, (_is_truth, "true or false")),
    **dict.fromkeys(TEXTS, (lambda value: isinstance(value, str), "a text")),
    **dict.fromkeys(NUMBERS, (_is_number, "a whole number")),
    "options": (lambda value: isinstance(value, dict), "an object"),
    "enumValues": (
        lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
        "a list of texts",
    ),
    "customMetadataVersion": (VERSIONS.__contains__, f"one of {', '.join(VERSIONS)}"),
    "cardinality": (CARDINALITIES.__contains__, f"one of {', '.join(CARDINALITIES)}"),
}


def refuse_unreadable(said: Mapping[str, Any], path: str) -> None:
    """See that what a typedef, or a part of it, says can be read, its options among it; null says nothing.

    Raises:
        InvalidInput: it cannot; `path` points at what is wrong.
    """
    for name, value in said.items():
        holds, expected = TESTS.get(name, (lambda _: True, ""))
        if value is not None and not holds(value):
            raise InvalidInput(f"`{name}` is {expected}", path=f"{path}/{name}")
    if said.get("options"):
        refuse_unreadable(said["options"], f"{path}/options")
