"""Product news by e-mail, which needs a verified address besides the consent."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.offered_services import Service

PRODUCT_NEWS = Service(
    "product_news",
    _("Product news by e-mail"),
    _("News about our products, sent to your verified e-mail address. You can turn it off at any time."),
    # An individual is asked for the first, an enterprise for the second.
    needs=("email", "enterprise_email"),
    verified=True,
    purpose="product_news",
)
