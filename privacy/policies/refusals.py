"""The one family of errors by which this room says no; each message says what to do."""


class PolicyRefused(Exception):
    """A document cannot be imported, or a version not be published, in this way."""
