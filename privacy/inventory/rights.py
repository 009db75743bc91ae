"""The rights of a data subject that receipts, copies and the summary of a policy name (GDPR arts. 7 and 12 to 22)."""

from django.utils.translation import gettext_lazy as _

# By key, which never changes, in display order.
RIGHTS = {
    "access": _("See your data"),
    "rectification": _("Correct it"),
    "erasure": _("Have it erased"),
    "portability": _("Take it with you"),
    "objection": _("Object to a use"),
    "restriction": _("Have its use restricted"),
    "withdrawal": _("Withdraw your consent"),
    "complaint": _("Make a complaint"),
}
