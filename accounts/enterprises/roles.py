"""The roles of an enterprise's members, and what each may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do. The enterprise's own account may do what an owner may."""

    OWNER = "owner", _("Owner")
    ADMINISTRATOR = "administrator", _("Administrator")
    MEMBER = "member", _("Member")


_RANK = {Role.MEMBER: 0, Role.ADMINISTRATOR: 1, Role.OWNER: 2}


def is_at_least(role: str, needed: Role) -> bool:
    """Whether a role may do what the needed one may."""
    return _RANK[Role(role)] >= _RANK[needed]
