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
    url: str
    # The value of `aria-current`: "page" on the page itself, "true" on one below it, else empty.
    current: str = ""

    @property
    def label(self) -> Any:
        """Its name."""
        return self.declared.label

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return self.declared.icon

    @cached_property
    def state(self) -> PageState:
        """Its state for the person of the request."""
        return self.declared.state(self.request)

    @property
    def step_url(self) -> str:
        """The URL of the next step."""
        return self.state.url or self.url


def account_pages(request: UserRequest) -> Iterator[ShownPage]:
    """Yield the pages of a signed-in person in their order, none for others; staff have fewer."""
    if not request.user.is_authenticated:
        return
    path, pages = request.path, sorted(declared(AccountPage), key=lambda page: page.position)
    urls = {page: reverse(page.url_name) for page in pages}
    nearest = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    for page in pages:
        if page.for_person(request) and (not request.user.is_staff or page.for_staff(request)):
            here = "page" if path == nearest else "true"
            yield ShownPage(page, request, urls[page], current=here if urls[page] == nearest else "")
