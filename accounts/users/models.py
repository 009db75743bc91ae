"""`User`: the sign-in identity. Its username is sealed and found by a blind index; it refers to a `DataSubject`."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from privacy.encryption.fields import BlindIndexField, SealedTextField
from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Kind, PersonalField, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.preferences.time_format import TimeFormat
from privacy.subjects.models import DataSubject

USERNAME = PersonalField(
    key="username",
    label=_("Username"),
    kinds=frozenset(Kind),
    purpose="security",
    why=_("To sign in."),
    without=_("You cannot register."),
    required_for=frozenset(Kind),
    max_length=40,
    position=20,
)
PASSWORD = PersonalField(
    key="password",
    label=_("Password"),
    kinds=frozenset(Kind),
    purpose="security",
    why=_("So that only you can sign in. We never store it, only a one-way hash of it."),
    without=_("You cannot register."),
    required_for=frozenset(Kind),
    sensitive=True,
    max_length=128,
    sealed=False,
    position=30,
)

# Separates the blind indexes of usernames from those of other texts.
USERNAME_CONTEXT = "username"


class UserManager(BaseUserManager["User"]):
    """Finds users by the blind index of their username."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of a username, whatever its case."""
        return self.get(username_index=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in identity, of a person or of a member of staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No reverse accessor: `privacy` does not know accounts.
    subject = models.OneToOneField(DataSubject, models.PROTECT, related_name="+")
    username = SealedTextField(USERNAME)
    # Null while a newer registration, or a verified account, has the name.
    username_index = BlindIndexField(blind_index_of="username", context=USERNAME_CONTEXT, unique=True, null=True)
    # The form that made this account, so that a form sent twice makes one account.
    submission = models.UUIDField(_("submission"), unique=True, default=uuid.uuid4, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff status"), default=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    # The database's clock, which decides when an unverified registration is removed.
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    # The last use of a session, to a few minutes. It outlives the session, and tells whether the account is inactive.
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    # Set by "this was not me": no sign-in until account recovery sets a new password.
    locked_at = models.DateTimeField(_("locked"), null=True, editable=False)
    # Set while the password is temporary: the owner must change it before this time.
    temporary_password_until = models.DateTimeField(_("temporary password until"), null=True, editable=False)
    # Grows with every change that voids earlier proofs: see `accounts.users.epochs`.
    epoch = models.PositiveIntegerField(_("security changes"), db_default=0, editable=False)

    # Null while the person has not chosen: an empty text would need a default, for which SQLite remakes the table. They
    # are read with the session, on every page.
    language = models.CharField(_("language"), max_length=16, null=True, editable=False)  # noqa: DJ001 - see above
    time_format = models.CharField(  # noqa: DJ001 - see above
        _("time format"), max_length=2, choices=TimeFormat, null=True, editable=False
    )

    # When the warning of inactivity failed last; people whose warning did not fail come first.
    warning_failed_at = models.DateTimeField(_("last failed warning"), null=True, editable=False)

    USERNAME_FIELD = "username_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    inventory = Record(
        retention=RetentionClass.ACCOUNT,
        declares={"password": PASSWORD},
        plain={
            "last_login": TECHNICAL,
            "last_used_at": TECHNICAL,
            "warning_failed_at": TECHNICAL,
            "locked_at": TECHNICAL,
            "temporary_password_until": TECHNICAL,
            "epoch": TECHNICAL,
            "submission": TECHNICAL,
            "is_active": TECHNICAL,
            "is_staff": TECHNICAL,
            "is_superuser": TECHNICAL,
            "verified_at": TECHNICAL,
            "created_at": TECHNICAL,
            "language": "a language of the portal, which millions share",
            "time_format": "12 or 24 hours, which millions share",
        },
        copy=CopyPart(
            CopySection.SIGN_IN,
            "account",
            _("Account"),
            CopySource.PERSON,
            (
                CopyValue("username"),
                CopyValue("registered_at", _("Registered on"), column="created_at"),
                CopyValue("verified_at", _("Verified on")),
                CopyValue("last_signed_in_at", _("Last sign-in"), column="last_login"),
                CopyValue("last_used_at", _("Last used")),
                CopyValue("language", _("Language"), words="language"),
                CopyValue("time_format", _("Time format")),
                CopyValue("is_open", _("Open"), column="is_active", words="if_false"),
                CopyValue("locked_at", _("Locked since")),
                CopyValue("temporary_password_until", _("Temporary password works until")),
                CopyValue("works_for_us", _("Member of staff"), column="is_staff", words="if_true"),
                CopyValue("has_every_right", _("Administrator"), column="is_superuser", words="if_true"),
                CopyValue(
                    "warning_failed_at", _("A message about an inactive account could not be sent"), for_people=False
                ),
            ),
            left_out={
                "password": "only a one-way hash is kept, which is of use to an attacker alone",
                "submission": "a random number that kept a form sent twice from making two accounts",
                "epoch": "a counter that voids older codes and sessions",
            },
        ),
    )

    class Meta:
        app_label = "accounts"
        verbose_name = _("person")
        verbose_name_plural = _("people")
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=models.Q(verified_at__isnull=True), name="unverified_by_age"),
            models.Index(fields=["verified_at"], condition=models.Q(verified_at__isnull=False), name="people_by_age"),
        ]
        permissions = [
            ("find_person", gettext_noop("Can find people and see them masked")),
            ("open_person", gettext_noop("Can open a person's data with a reason")),
            ("correct_person", gettext_noop("Can correct data on request")),
            ("cancel_person", gettext_noop("Can cancel an account on a verified request")),
            ("end_sessions", gettext_noop("Can sign out a person's devices")),
            ("propose_reset", gettext_noop("Can propose to reset a person's sign-in")),
            ("confirm_reset", gettext_noop("Can confirm or refuse to reset a person's sign-in")),
            ("see_counts", gettext_noop("Can see counts of registrations")),
        ]

    def __str__(self) -> str:
        # Django's admin log stores str(object), which must not identify the person.
        return str(self.pk)

    def get_username(self) -> str:
        """Return the username as text; the identity column is a blind index."""
        return str(self.username)

    def clean(self) -> None:
        """Skip Django's normalisation of the username column: it is a hash."""

    def make_password_void(self) -> None:
        """Void the password, and keep its hash so that it is not chosen again. Does not save."""
        if self.has_usable_password():
            self.password = UNUSABLE_PASSWORD_PREFIX + self.password

    @property
    def void_hash(self) -> str:
        """The hash of the voided password; empty without one."""
        return "" if self.has_usable_password() else self.password.removeprefix(UNUSABLE_PASSWORD_PREFIX)

    @property
    def is_verified(self) -> bool:
        """Whether the contact point that the jurisdiction asks for was verified."""
        return self.verified_at is not None

    @property
    def refusal(self) -> str:
        """The reason why an active account cannot be signed in to: `locked`, `temporary_password_expired`, or empty."""
        if self.locked_at is not None:
            return "locked"
        is_over = self.temporary_password_until is not None and self.temporary_password_until <= timezone.now()
        return "temporary_password_expired" if is_over else ""


def display(user: Any) -> str:
    """Return the text for a user in logs and messages of libraries, without the username."""
    return str(user)
