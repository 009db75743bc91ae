"""The page of a copy, and the words that a reader sees on it."""

from html.parser import HTMLParser

from django.test import Client

from privacy.export.models import DataCopy


class Words(HTMLParser):
    """The words that a reader sees, and every address that a page loads or links to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._hidden += tag in ("style", "script", "title")
        self.loaded += [str(given[name]) for name in ("src", "srcset", "data", "poster") if name in given]
        if tag in ("link", "script", "img", "iframe", "base", "object"):
            self.loaded.append(str(given))
        if "href" in given:
            self.links.append(str(given["href"]))

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "script", "title")

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.words)


def page_of(copy: DataCopy, client: Client, language: str = "en") -> str:
    return client.get(f"/settings/privacy/copy/{copy.pk}/", headers={"Accept-Language": language}).content.decode()
