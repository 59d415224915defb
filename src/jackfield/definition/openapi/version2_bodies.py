"""Bodies of version 2.0, which were parameters, as 3.0 has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.version2_parameters import schema_of, style_of

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


class Bodies:
    """Makes the body of one operation."""

    def __init__(self, consumes: Sequence[str], place: str, notices: Notices) -> None:
        """For the media types that the operation takes, at its place."""
        self._consumes, self._place, self._notices = consumes, place, notices

    def of_parameters(self, parameters: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """The body that these parameters, each in `body` or `formData`, make together."""
        whole = [one for one in parameters if one["in"] == "body"]
        fields = [one for one in parameters if one["in"] == "formData"]
        if whole and fields:
            self._notices.add(self._place, "it has a `body` parameter and `formData` ones; the form is left out")
        if whole:
            return self.of_body(whole[0])
        return self._of_fields(fields) if fields else None

    def of_body(self, parameter: Mapping[str, Any]) -> dict[str, Any]:
        """The body of one `body` parameter."""
        kinds = [kind for kind in self._consumes if kind not in (_FORM, _MULTIPART)] or list(self._consumes)
        media = {"schema": parameter["schema"]} if "schema" in parameter else {}
        body: dict[str, Any] = {"content": {kind: dict(media) for kind in kinds or ["application/json"]}}
        if isinstance(parameter.get("description"), str):
            body["description"] = parameter["description"]
        if parameter.get("required") is True:
            body["required"] = True
        if isinstance(name := parameter.get("name"), str):
            body["x-body-name"] = name
        return body

    def _of_fields(self, fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        required = [str(one.get("name")) for one in fields if one.get("required") is True]
        schema: dict[str, Any] = {"type": "object", "properties": {str(one.get("name")): _field(one) for one in fields}}
        if required:
            schema["required"] = required
        kinds = self._form_kinds(fields)
        encoding = {str(one.get("name")): style_of(one) for one in fields if one.get("type") == "array"}
        form = {"schema": schema} | ({"encoding": encoding} if encoding else {})
        body: dict[str, Any] = {"content": dict.fromkeys(kinds, form)}
        return {**body, "required": True} if required else body

    def _form_kinds(self, fields: Sequence[Mapping[str, Any]]) -> list[str]:
        """A file needs a multipart body, whatever the operation says it takes."""
        if any(one.get("type") == "file" for one in fields):
            return [_MULTIPART]
        said = [kind for kind in self._consumes if kind.partition(";")[0].strip().lower() in (_FORM, _MULTIPART)]
        return said or [_FORM]


def _field(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema = schema_of(parameter)
    if isinstance(words := parameter.get("description"), str):
        schema["description"] = words
    extensions = {key: value for key, value in parameter.items() if key.startswith("x-")}
    return {**schema, **extensions}
