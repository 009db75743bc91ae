"""Withdraw items of a request: the person no longer wants what they asked for."""

from collections.abc import Sequence

from django.db import transaction

from privacy.rights.choices import ItemState
from privacy.rights.models.requests import RequestItem
from privacy.rights.states.moving import move


def withdraw_items(items: Sequence[RequestItem]) -> None:
    """Withdraw these items of one request, all or none. Raises `MoveRefused` where one is decided meanwhile."""
    with transaction.atomic():
        for item in items:
            move(item=item, after=ItemState.WITHDRAWN)
