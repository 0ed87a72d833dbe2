"""What the points and projects of a site are called in a language; read when the first name is asked for."""

from __future__ import annotations

from functools import cached_property

from cloud.read_models.read_model import ReadModel
from contract.errors import BadInput, CannotBeDone


class DisplayNames:
    """Calls a point or a project by its name; one that nobody declared keeps its id."""

    def __init__(self, read_model: ReadModel, site: str, language: str) -> None:
        self._read_model, self._site, self._zh = read_model, site, language == "zh"

    def __call__(self, name: str) -> str:
        """The name of an id."""
        return self._names.get(name, name)

    @cached_property
    def _names(self) -> dict[str, str]:
        try:
            declared = self._read_model.declared(self._site)
        except (BadInput, CannotBeDone):
            return {}
        projects = [item.declaration for item in declared.replacements]
        names = {item.id: item.name_zh if self._zh else item.name_en for item in projects}
        points = () if declared.points is None else declared.points.points
        return names | {item.id: item.zh if self._zh else item.en for item in points}
