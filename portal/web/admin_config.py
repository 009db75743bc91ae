"""Which admin site Django loads."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "portal.web.admin_site.PortalAdminSite"
