"""Certificates and announcements: who set them last, and when."""

from collections.abc import Mapping

from muster.service.save.working import Working

MARKS: Mapping[str, tuple[str, ...]] = {
    "certificate": ("certificateStatus", "certificateStatusMessage"),
    "announcement": ("announcementType", "announcementTitle", "announcementMessage"),
}
"""What each mark is made of."""

STAMPS = frozenset(f"{mark}Updated{what}" for mark in MARKS for what in ("At", "By"))
"""What is known of a mark without anybody's saying so."""


def stamped(working: Working, *, by: str, at: int) -> Working:
    """Return a copy whose marks are signed and dated where they differ from before, taken away ones among them."""
    now, before = working.draft.attributes, working.before
    said: dict[str, str | int] = {}
    for mark, names in MARKS.items():
        if any(now.get(name) != before.get(name) for name in names):
            said |= {f"{mark}UpdatedAt": at, f"{mark}UpdatedBy": by}
    return working.with_attributes(said)
