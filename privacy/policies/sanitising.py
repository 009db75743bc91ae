"""Removes active content: the markup that a policy may contain, before and after it is split."""

import nh3

_INLINE = frozenset({"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "q", "s", "small", "span"})
_EMPHASIS = frozenset({"strong", "sub", "sup", "u"})
_LISTS = frozenset({"ul", "ol", "li", "dl", "dt", "dd"})
_TABLES = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXT = frozenset({"p", "blockquote", "pre", "hr", "address"})
_SHOWN = (_INLINE | _EMPHASIS | _LISTS | _TABLES | _HEADINGS | _TEXT | {"section"}) - {"h1", "span"}
_WRAPPERS = frozenset({"div", "article", "main", "header", "footer", "nav", "aside", "figure", "figcaption"})
# Elements that are removed with their contents; other unknown elements are removed, and their text is kept.
_DROPPED = frozenset(
    {
        *("script", "style", "title", "iframe", "object", "embed", "applet", "noscript", "noembed", "noframes"),
        *("template", "svg", "math", "select", "textarea", "button", "audio", "video", "canvas", "frameset"),
    }
)
_CELLS = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}, "ol": {"start", "type"}}
_VUE = {"v-if", "v-else-if", "v-else"}
_SCHEMES = {"http", "https", "mailto"}


def tidy_markup(html: str) -> str:
    """Return well-formed markup without active content.

    It still has wrappers, ids, Vue's conditions and the texts of images to read.
    """
    return nh3.clean(
        html,
        tags=set(_SHOWN | _WRAPPERS | {"h1", "span", "img"}),
        clean_content_tags=set(_DROPPED),
        attributes={"*": {"id", *_VUE}, "a": {"href", "name"}, "img": {"alt"}, **_CELLS},
        url_schemes=_SCHEMES,
        strip_comments=True,
        link_rel=None,
    )


def shown_markup(html: str) -> str:
    """Return the markup for browsers: it is sanitised last."""
    return nh3.clean(
        html,
        tags=set(_SHOWN),
        clean_content_tags=set(_DROPPED),
        attributes={"a": {"href"}, "section": {"id"}, **_CELLS},
        allowed_classes={"strong": {"sensitive"}, "section": {"clause"}},
        url_schemes=_SCHEMES,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
    )


def changed_markup(html: str) -> str:
    """Return the markup of a clause with marked changes, for browsers."""
    return nh3.clean(
        html,
        tags=set((_SHOWN - {"section"}) | {"span", "details", "summary"}),
        clean_content_tags=set(_DROPPED),
        attributes={"a": {"href"}, "li": {"value"}, **_CELLS},
        allowed_classes={
            "strong": {"sensitive"},
            "span": {"visually-hidden"},
            "details": {"unchanged"},
            "li": {"continued"},
        },
        url_schemes=_SCHEMES,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
    )
