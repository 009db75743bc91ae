"""The pages of a person's account that packages declare: in the settings, in the navigation, on the home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from accounts.users.requests import UserRequest
from privacy.operations.account_pages import AccountPage, PageState
from privacy.operations.collecting import declared


@dataclass(frozen=True)
class ShownPage:
    """One declared page for one request; its state is read where a template shows it."""

    declared: AccountPage
    request: UserRequest

    @property
    def label(self) -> Any:
        """Its name."""
        return self.declared.label

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return self.declared.icon

    @property
    def url(self) -> str:
        """Its URL."""
        return reverse(self.declared.url_name)

    @cached_property
    def state(self) -> PageState:
        """Its state for the person of the request."""
        return self.declared.state(self.request)

    @property
    def step_url(self) -> str:
        """The URL of the next step."""
        return self.state.url or self.url


def account_pages(request: UserRequest) -> Iterator[ShownPage]:
    """Yield the pages of a signed-in person in their order, none for others; staff cannot cancel their account."""
    if not request.user.is_authenticated:
        return
    for page in sorted(declared(AccountPage), key=lambda page: page.position):
        if page.for_staff or not request.user.is_staff:
            yield ShownPage(page, request)
