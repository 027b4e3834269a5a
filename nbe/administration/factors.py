"""The emission factors: which are offered, and new ones with their year and source."""

from __future__ import annotations

from decimal import Decimal

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms.validators import ValidationError

from nbe.access import Feature, Permission
from nbe.core import clock
from nbe.core.forms import (
    BaseForm,
    CodeField,
    DanishDecimalField,
    Required,
    TextField,
    WholeNumberField,
    refuse_cpr,
)
from nbe.core.notices import tell
from nbe.measures.actions.factors import KnownFactorError, add_factor, set_factor_in_use
from nbe.measures.queries import find_factor, list_factors
from nbe.models import EmissionFactor
from nbe.models.states import Quantity

bp = Feature("factors", __name__, url_prefix="/administration/faktorer")
_OF = (Quantity.ENERGY, Quantity.WATER, Quantity.MATERIAL, Quantity.WASTE)
_MOST = Decimal(10_000)


class FactorForm(BaseForm):
    """One factor: of what, how much, from which year and where it stands."""

    quantity = CodeField(_l("Mængde"), _OF, [Required()], empty=_l("Vælg"))
    title = TextField(_l("Navn"), 120, [Required(), refuse_cpr], description=_l("Fx El eller Fjernvarme."))
    kg_per_unit = DanishDecimalField(
        _l("kg CO₂e pr. enhed"), [Required()], description=_l("Pr. kWh, m³ eller kg; højst seks decimaler.")
    )
    year = WholeNumberField(_l("År"), 1990, 2100, [Required()])
    source = TextField(_l("Kilde"), 300, [Required(), refuse_cpr], description=_l("Hvor tallet står."))

    def validate_kg_per_unit(self, field: DanishDecimalField) -> None:
        """A number of kg, not below zero, that the column can hold."""
        if field.data is None:
            return
        if not 0 <= field.data <= _MOST:
            raise ValidationError(_("Skriv et tal fra 0 til 10.000."))
        if field.data != round(field.data, 6):
            raise ValidationError(_("Skriv højst seks decimaler."))


@bp.get("", needs=Permission.SETTINGS_ADMIN)
def index() -> str:
    """All factors, those in use first."""
    factors = list_factors()
    return render_template(
        "administration/factors.html",
        used=[factor for factor in factors if factor.is_active],
        retired=[factor for factor in factors if not factor.is_active],
    )


@bp.get("/ny", needs=Permission.SETTINGS_ADMIN)
def new() -> str:
    """An empty form."""
    return render_template("administration/factor.html", form=FactorForm(data={"year": clock.today().year}))


@bp.post("/ny", needs=Permission.SETTINGS_ADMIN)
def create() -> BaseResponse | tuple[str, int]:
    """Add a factor; none is ever changed."""
    form = FactorForm()
    if form.validate():
        try:
            factor = add_factor(
                form.quantity.member,
                form.title.data or "",
                form.kg_per_unit.data,
                form.year.data,
                form.source.data or "",
            )
        except KnownFactorError:
            form.year.errors = [_("Der er allerede en faktor med det navn for det år.")]
        else:
            undo = url_for(".retire", factor_id=factor.id)
            tell(_("Faktoren %(title)s %(year)s er tilføjet.", title=factor.title, year=factor.year), undo=undo)
            return redirect(url_for(".index"), 303)
    return render_template("administration/factor.html", form=form), 422


def _find(factor_id: int) -> EmissionFactor:
    factor = find_factor(factor_id)
    if factor is None:
        abort(404)
    return factor


@bp.post("/<int:factor_id>/tag-ud", needs=Permission.SETTINGS_ADMIN)
def retire(factor_id: int) -> BaseResponse:
    """No longer offer a factor; what was computed with it stays."""
    factor = _find(factor_id)
    set_factor_in_use(factor, False)
    text = _(
        "%(title)s %(year)s bruges ikke længere. Det, der er regnet ud, står.", title=factor.title, year=factor.year
    )
    tell(text, undo=url_for(".use", factor_id=factor.id))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:factor_id>/tag-i-brug", needs=Permission.SETTINGS_ADMIN)
def use(factor_id: int) -> BaseResponse:
    """Offer a factor again."""
    factor = _find(factor_id)
    set_factor_in_use(factor, True)
    tell(_("%(title)s %(year)s er i brug igen.", title=factor.title, year=factor.year))
    return redirect(url_for(".index"), 303)
