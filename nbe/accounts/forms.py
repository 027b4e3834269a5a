"""What is typed at the door: sign-in, forgotten and new passwords."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.forms import (
    EmailValidation,
    EqualToLocalize,
    IsString,
    email_required,
    password_required,
    valid_user_email,
)
from wtforms import EmailField, HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, Optional, ValidationError

from nbe.accounts import guessing
from nbe.accounts.passwords import LONGEST, Passwords
from nbe.core.addresses import local_path
from nbe.core.forms import WordedForm
from nbe.core.text import clean
from nbe.models.states import RoleName


class SignIn(LoginForm):
    """E-mail and password; each judged try is counted by account and by address."""

    email = EmailField(_l("E-mail"), [IsString(), email_required, EmailValidation(verify=False)])
    password = PasswordField(_l("Adgangskode"), [IsString(), password_required])
    next = HiddenField()
    remember = None  # type: ignore[assignment]  # so WTForms takes an inherited field away

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only a path of our own is followed, whoever wrote it.
        self.password.description = ""
        self.next.data = local_path(self.next.data or request.args.get("next")) or ""

    def validate(self, **kwargs: Any) -> bool:
        """Whether this is somebody; 429 when there were too many tries."""
        email = str(self.email.data or "").strip().casefold()
        guessing.count_sign_in(email)
        if len(self.password.data or "") > LONGEST:
            self.password.data = ""
        is_valid = bool(super().validate(**kwargs))
        if is_valid:
            guessing.forgive_sign_in(email)
        return is_valid


class Forgotten(ForgotPasswordForm):
    """The address to which a link for a new password goes, if somebody has it."""

    email = EmailField(_l("E-mail"), [IsString(), email_required, EmailValidation(verify=True), valid_user_email])

    def validate(self, **kwargs: Any) -> bool:
        """Whether somebody active has this address; 429 when there were too many tries."""
        guessing.count_reset(str(self.email.data or "").strip().casefold())
        return bool(super().validate(**kwargs))


class Renewed(ResetPasswordForm):
    """A new password, typed twice."""

    password = PasswordField(_l("Ny adgangskode"), [IsString(), password_required])
    password_confirm = PasswordField(
        _l("Ny adgangskode igen"),
        [IsString(), EqualToLocalize("password", message="RETYPE_PASSWORD_MISMATCH"), password_required],
    )


def _cleaned(value: str | None) -> str:
    return clean(value or "")


class InvitationForm(WordedForm):
    """A new user: who, in which role, for which municipality."""

    name = StringField(_l("Navn"), [InputRequired(_l("Skriv navnet.")), Length(max=200)], filters=[_cleaned])
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Skriv mailadressen.")), Length(max=254), Email(_l("Mailadressen er ikke skrevet rigtigt"))],
        filters=[lambda value: (value or "").strip().casefold()],
    )
    role = SelectField(_l("Rolle"))
    municipality_code = SelectField(_l("Kommune"), coerce=int)

    def __init__(self, municipalities: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [(role.value, role.label) for role in RoleName]
        self.municipality_code.choices = [(0, _("Ingen (hele netværket)")), *municipalities]

    def validate_municipality_code(self, field: Any) -> None:
        """Leaders and screeners belong to a municipality; administrators to none."""
        if self.role.data in (RoleName.LEADER, RoleName.SCREENER) and not field.data:
            raise ValidationError(_("Vælg den kommune, brugeren arbejder for."))

    @property
    def chosen_role(self) -> RoleName:
        """The role as a code."""
        return RoleName(self.role.data)

    @property
    def chosen_municipality(self) -> int | None:
        """The municipality; none for administrators."""
        code: int = self.municipality_code.data
        return None if not code or self.chosen_role is RoleName.ADMINISTRATOR else code


class UserForm(InvitationForm):
    """An existing user; the address stays."""

    email = None  # type: ignore[assignment]  # so WTForms takes an inherited field away
    active = SelectField(
        _l("Adgang"), choices=[("1", _l("Må logge ind")), ("0", _l("Spærret"))], coerce=str, default="1"
    )
    version = IntegerField(validators=[Optional()])


class NewPasswordForm(WordedForm):
    """A password chosen by somebody who was invited."""

    password = PasswordField(_l("Adgangskode"), [InputRequired(_l("Skriv en adgangskode."))])
    password_confirm = PasswordField(
        _l("Adgangskode igen"),
        [InputRequired(_l("Skriv adgangskoden igen.")), EqualTo("password", _l("De to adgangskoder er ikke ens."))],
    )

    def __init__(self, user: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user

    def validate_password(self, field: Any) -> None:
        """The one rule for passwords."""
        faults, field.data = Passwords(current_app).validate(field.data, False, user=self.user)
        if faults:
            raise ValidationError(faults[0])


class ChangePasswordForm(NewPasswordForm):
    """A new password chosen by somebody who is signed in and shows the present one."""

    current = PasswordField(_l("Nuværende adgangskode"), [InputRequired(_l("Skriv din nuværende adgangskode."))])


class OwnNameForm(WordedForm):
    """One's own name as others see it."""

    name = StringField(_l("Navn"), [InputRequired(_l("Skriv navnet.")), Length(max=200)], filters=[_cleaned])
