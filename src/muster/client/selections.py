"""Selections: that of a product, and such as are not stored."""

from collections.abc import Sequence

from muster.client.answers import InAllFaces, InOneFace, Verdict
from muster.client.models import CurrentSelection, Preview
from muster.client.part import Part, product_path
from muster.client.saying import Face, Selecting, body, selection, several
from muster.client.sending import read


class Selections(Part):
    """The part of the client that is about selections: text in any face, OpenSearch JSON, the builder's, a client's query.

    Without a `face` a text tells its own.

    Raises:
        InvalidInput: a selection cannot be read; `path` points at the part to mend.
    """

    def selection(self, ref: str) -> CurrentSelection:
        """Return the selection of a product in every form.

        Example:
            >>> muster.selection("Gold tables").revision
            1

        Raises:
            NotFound: there is no such product.
        """
        return self._sender.look(CurrentSelection, product_path(ref, "selection"))

    def select(
        self,
        ref: str,
        said: Selecting,
        *,
        face: Face | None = None,
        revision: int | None = None,
        allow_unknown_fields: bool = False,
    ) -> CurrentSelection:
        """Give a product another selection: only when it is at a `revision`, where one is named.

        Example:
            >>> muster.select("Gold tables", "type:Table tag:Gold", revision=1).revision
            1

        Raises:
            NotFound, Forbidden: there is no such product, or the token may not write to it.
            Stale: it is at another revision.
        """
        asked = body(selection=selection(said), face=face, lenient=allow_unknown_fields)
        condition = None if revision is None else {"If-Match": f'"{revision}"'}
        path = product_path(ref, "selection")
        return read(CurrentSelection, self._sender.send("PUT", path, body=asked, headers=condition).content)

    def preview(
        self,
        said: Selecting,
        *,
        face: Face | None = None,
        fields: Sequence[str] = (),
        sort: Sequence[str] = (),
        limit: int = 20,
        cursor: str | None = None,
        replaces: str | None = None,
    ) -> Preview:
        """Run a selection without storing it; with `replaces`, say who would join that product and who would leave.

        Example:
            >>> muster.preview("type:Table -tag:Gold", replaces="Gold tables").replaces.joins.total
            800

        Raises:
            UnknownField: an order names a field that no asset can have.
        """
        asked = body(
            selection=selection(said),
            face=face,
            fields=several(fields) or None,
            sort=several(sort) or None,
            limit=limit,
            cursor=cursor,
            replaces=replaces,
        )
        return self._sender.look(Preview, "/selections/preview", body=asked)

    def check(self, said: Selecting, *, face: Face | None = None) -> Verdict:
        """Return everything there is to complain about in a selection.

        Example:
            >>> muster.check("certificat:VERIFIED").complaints[0].hint
            'did you mean `certificateStatus`?'
        """
        return self._sender.look(Verdict, "/selections/check", body=body(selection=selection(said), face=face))

    def convert(self, said: Selecting, to: Face | str, *, face: Face | None = None) -> str:
        """Write a selection in another face, or in English.

        Example:
            >>> muster.convert("type:Table", "english")
            'Tables'
        """
        asked = body(selection=selection(said), face=face, to=to)
        return self._sender.look(InOneFace, "/selections/convert", body=asked).text

    def faces(self, said: Selecting, *, face: Face | None = None) -> InAllFaces:
        """Write a selection in every face; those that cannot say it are None, with the reason.

        Example:
            >>> muster.faces("type:Table").faces.wire
            {'term': {'__typeName.keyword': 'Table'}}
        """
        return self._sender.look(InAllFaces, "/selections/convert", body=body(selection=selection(said), face=face))
