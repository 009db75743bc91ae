"""Which admin site Django loads."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Makes `PortalAdminSite` the admin."""

    default_site = "portal.web.admin_site.PortalAdminSite"
