"""The form of a visit as a page: what stands in it, what was typed, and what differs from what another wrote."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _

from nbe.access.editing import Conflict, FieldConflict
from nbe.access.tables import make_conflict
from nbe.core.text import clean
from nbe.models.states import Relevance
from nbe.screenings.files.rules import ACCEPTED
from nbe.screenings.sync import queries, rules
from nbe.screenings.sync.actions import Batch
from nbe.screenings.sync.queries import FilledForm
from nbe.screenings.sync.rules import YES, Edit


@dataclass
class FormPage:
    """The values of the fields by name, the errors at them, the edit each was written by, and the one seen last."""

    form: FilledForm
    values: dict[str, str]
    stand: int
    bases: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    base: str = "{}"
    blanks: dict[str, str] = field(default_factory=dict)

    def keys_of(self, code: str) -> list[str]:
        """The keys of the proposals under a theme, in order."""
        return [m.key for m in self.form.proposals if self.form.value(f"proposal:{m.key}", "theme") == code]

    @property
    def shown(self) -> str:
        """The subjects whose ticks stand on the page: a tick that is not sent is then not set."""
        keys = [measure.key for measure in self.form.proposals] + list(self.blanks.values())
        files = [f"file:{key}" for key, file in self.form.files.items() if not file.is_hidden]
        return " ".join([f"theme:{code}" for code in self.form.themes] + [f"proposal:{key}" for key in keys] + files)

    def is_judged(self, code: str) -> bool:
        """Whether a theme is judged."""
        return rules.count_judged(self.values, [code]) == 1

    def value(self, name: str) -> str:
        """What a field shows."""
        return self.values.get(name, "")

    @property
    def unplaced(self) -> list[str]:
        """The keys of proposals under no theme."""
        placed = set(self.form.themes)
        return [m.key for m in self.form.proposals if self.form.value(f"proposal:{m.key}", "theme") not in placed]

    @property
    def judged(self) -> int:
        """How many themes are judged."""
        return rules.count_judged(self.values, self.form.themes)


def open_page(form: FilledForm) -> FormPage:
    """The form as it stands, with an empty proposal under each theme."""
    values = form.values()
    revisions = queries.list_revisions(form.screening.id)
    return FormPage(
        form,
        values,
        queries.latest_edit(form.screening.id),
        bases={name: revision.id for name, revision in revisions.items()},
        base=json.dumps(values, ensure_ascii=False),
        blanks={code: str(uuid.uuid4()) for code in form.themes},
    )


def typed_page(form: FilledForm, errors: Mapping[str, str]) -> FormPage:
    """The form as it was sent, with what is wrong in it."""
    page = open_page(form)
    page.errors = dict(errors)
    page.base = request.form.get("base", "{}")
    page.stand = _stand()
    typed = {name: request.form[name] for name in request.form if ":" in name}
    ticks = {name: "" for name in page.values if name.endswith(":is_confidential")}
    page.values |= {**ticks, **typed}
    for code in form.themes:
        new = [rules.split_name(name)[0].partition(":")[2] for name, value in typed.items()
               if name.endswith(":theme") and value == code]  # fmt: skip
        page.blanks[code] = next((key for key in new if key not in form.measures), page.blanks[code])
    return page


def _stand() -> int:
    raw = request.form.get("stand", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def read_base() -> dict[str, str]:
    """What the page showed when it was made; empty when it did not say."""
    try:
        found = json.loads(request.form.get("base", "{}"))
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def read_edits(form: FilledForm) -> list[Edit]:
    """What was changed on the page, as the edits of a device of its own; the once-token makes it count once."""
    base, stand = read_base(), _stand()
    touched: dict[str, str] = {}
    for subject in dict.fromkeys(rules.split_name(name)[0] for name in (*base, *request.form) if ":" in name):
        names = [f"{subject}:{field}" for field in rules.FIELDS.get(rules.kind_of(subject), ())]
        changed = {name: value for name in names if clean(value := _typed(name, base)) != clean(base.get(name, ""))}
        is_new = rules.kind_of(subject) == "proposal" and f"{subject}:removed" not in base
        if is_new and not any(value.strip() for name, value in changed.items() if not name.endswith(":theme")):
            continue  # the empty proposal under a theme
        touched |= changed
    device = str(uuid.uuid4())
    return [
        Edit(device, number, *rules.split_name(name), value, stand, base.get(name, ""))
        for number, (name, value) in enumerate(touched.items(), 1)
    ]


def _typed(name: str, base: Mapping[str, str]) -> str:
    """A field as it was sent; a tick that is not sent is not set, and whatever else is not sent stays as it was."""
    shown = base.get(name, "")
    if name.rpartition(":")[2] in rules.TICKS and name not in request.form:
        return "" if rules.split_name(name)[0] in request.form.get("shown", "").split() else shown
    return request.form.get(name, shown).replace("\r\n", "\n")


def missing_reasons(edits: list[Edit]) -> dict[str, str]:
    """The themes just said to be irrelevant without a word why."""
    found = {}
    for edit in edits:
        if edit.field not in ("relevance", "why_not"):
            continue
        name = f"{edit.subject}:why_not"
        is_left_out = request.form.get(f"{edit.subject}:relevance") == Relevance.NOT_RELEVANT.value
        if is_left_out and not request.form.get(name, "").strip():
            found[name] = _("Skriv, hvorfor temaet ikke er relevant.")
    return found


def find_conflict(form: FilledForm, batch: Batch) -> Conflict:
    """What another device wrote meanwhile: theirs beside mine, to be sent again with the stand of now."""
    base = read_base()
    fields, latest = [], 0
    for one in batch.outcomes:
        if one.theirs is None:
            continue
        base[one.edit.name] = one.theirs.value
        latest = max(latest, one.theirs.id)
        readable = choices_of(form, one.edit.field)
        fields.append(
            FieldConflict(
                one.edit.name,
                label_of(form, one.edit.name),
                one.value,
                one.theirs.value,
                True,
                readable.get(one.value, one.value),
                readable.get(one.theirs.value, one.theirs.value),
            )
        )
    who, when = queries.who_wrote([latest]).get(latest, ("", None))
    renewed = {"base": json.dumps(base, ensure_ascii=False), "stand": str(queries.latest_edit(form.screening.id))}
    return make_conflict(fields, renewed, who, when)


def label_of(form: FilledForm, name: str) -> str:
    """What a field is called, with its theme."""
    subject, field_name = rules.split_name(name)
    kind, _colon, key = subject.partition(":")
    label = str(rules.LABELS.get(field_name, field_name))
    if subject == "file" and field_name in form.themes:
        return f"{form.themes[field_name].title}: {_('Billeder og filer')}"
    if kind == "theme" and key in form.themes:
        return f"{form.themes[key].title}: {label}"
    if kind == "file":
        name = form.files[key].caption or form.files[key].name if key in form.files else _("Fil")
        return f"{name}: {label}"
    if kind == "proposal" and field_name != "title":
        return f"{form.measures[key].title if key in form.measures else _('Forslag')}: {label}"
    return label


def choices_of(form: FilledForm, field_name: str) -> dict[str, str]:
    """What the values of a choice are called; empty for what is typed."""
    if field_name == "relevance":
        return {relevance.value: str(relevance.label) for relevance in Relevance}
    if field_name == "potential":
        return {code: str(label) for code, label in rules.POTENTIALS}
    if field_name == "theme":
        return {code: theme.title for code, theme in form.themes.items()}
    return {"": _("Nej"), YES: _("Ja")} if field_name in rules.TICKS else {}


def context(page: FormPage) -> dict[str, Any]:
    """What the templates need besides the page itself."""
    return {
        "page": page,
        "form": page.form,
        "screening": page.form.screening,
        "business": page.form.screening.business,
        "themes": list(page.form.themes.values()),
        "relevances": [(r.value, r.label) for r in (*list(Relevance)[1:], Relevance.NOT_ASSESSED)],
        "is_editable": rules.is_editable(page.form.screening.state),
        "potentials": rules.POTENTIALS,
        "labels": rules.LABELS,
        "accepted_files": ACCEPTED,
        "label_of": lambda name: label_of(page.form, name),
    }
