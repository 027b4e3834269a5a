"""What a person chooses for an import: the file, its programme year, and its columns."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from nbe.core.forms import BaseForm, Required, WholeNumberField
from nbe.core.sheets.safety import MAX_BYTES
from nbe.imports.fields import BY_KEY
from nbe.imports.messages import refusal


class UploadForm(BaseForm):
    """A file and the year of the forløb it belongs to."""

    file = FileField(
        _l("Regneark"),
        description=_l(
            "Excel (.xlsx) eller CSV, højst 20 MB. Overskrifter og titelrækker må gerne stå, som de plejer."
        ),
    )
    year = WholeNumberField(_l("Forløbsår"), 2000, 2100, [Required()])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.content = b""
        self.file.flags.required = True

    def validate_file(self, field: Field) -> None:
        """There is a file, and it is not too large."""
        if not field.data or not field.data.filename:
            raise StopValidation(_("Vælg en fil."))
        self.content = field.data.stream.read(MAX_BYTES + 1)
        if len(self.content) > MAX_BYTES:
            raise ValidationError(refusal("too_large"))
        if not self.content.strip():
            raise ValidationError(refusal("empty"))


def read_columns(sheets: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The columns chosen by hand, from the form, for the sheets kept with a run: -> (mapping, what is wrong)."""
    mapping: dict[str, Any] = {}
    wrong: list[str] = []
    for place, sheet in enumerate(sheets):
        if not sheet["header"]:
            continue
        if sheet.get("kind"):  # its columns are known by their headings alone
            mapping[sheet["name"]] = {"read": request.form.get(f"ark-{place}") == "1", "columns": {}}
            continue
        columns: dict[str, str] = {}
        for index in range(len(sheet["header"]["headings"])):
            chosen = request.form.get(f"felt-{place}-{index}", "")
            if chosen in BY_KEY:
                if chosen in columns.values():
                    wrong.append(
                        _(
                            "Arket %(sheet)s: to kolonner er valgt som %(field)s.",
                            sheet=sheet["name"],
                            field=BY_KEY[chosen].label,
                        )
                    )
                columns[str(index)] = chosen
        is_read = request.form.get(f"ark-{place}") == "1"
        if is_read and "cvr" not in columns.values():
            wrong.append(_("Arket %(sheet)s: vælg, hvilken kolonne der er CVR-nummeret.", sheet=sheet["name"]))
        mapping[sheet["name"]] = {"read": is_read, "columns": columns}
    if mapping and not any(sheet["read"] for sheet in mapping.values()):
        wrong.append(_("Vælg mindst ét ark, der skal indlæses."))
    return mapping, wrong
