"""`flask user add`: a new user from the command line."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from nbe.models.states import RoleName

user_group = AppGroup("user", help="People who sign in.")


@user_group.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in RoleName]))
@click.option("--municipality", "code", help="The municipality's three-digit code.")
@click.option("--name", default="", help="The name others see; the part before @ when absent.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def add_command(email: str, role: str, code: str | None, name: str, password_stdin: bool) -> None:
    """Add a user. Without --password-stdin, print a link by which the password is chosen once, within a week."""
    from email_validator import EmailNotValidError, validate_email

    from nbe.accounts import actions
    from nbe.accounts.passwords import Passwords, faults
    from nbe.core.database import db, writing
    from nbe.models import Municipality

    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.ClickException(f"{email} is not a mail address") from error
    chosen = RoleName(role)
    number = int(code) if code and code.strip().isdigit() else None
    if code and number is None:
        raise click.ClickException(f"{code} is not a municipality code")
    if chosen in (RoleName.LEADER, RoleName.SCREENER) and number is None:
        raise click.ClickException(f"a {role} belongs to a municipality: give --municipality CODE")
    password = None
    if password_stdin:
        password = Passwords(current_app).normalize(sys.stdin.readline().rstrip("\r\n"))
        if faults(password, email=address, name=name):
            raise click.ClickException("the password needs 12 to 128 characters and must not be a common one")
    with writing():
        if number is not None and db.session.get(Municipality, number) is None:
            raise click.ClickException(f"there is no municipality with the code {code}")
        try:
            user = actions.create_user(address, chosen, number, name=name, password=password)
        except actions.AccountError as error:
            raise click.ClickException(f"there is a user with the address {address} already") from error
        db.session.commit()
    click.echo(f"Added {user.email} as {role}.")
    if password is None:
        click.echo("The password is chosen once, within a week, at:")
        click.echo(f"  {_address_of(actions.invitation_token(user))}")


def _address_of(token: str) -> str:
    """The link under the first host the service answers to."""
    from flask import current_app

    if current_app.config["IS_PRODUCTION"]:
        return f"https://{current_app.config['TRUSTED_HOSTS'][0]}/invitation/{token}"
    return f"http://127.0.0.1:5000/invitation/{token}"
