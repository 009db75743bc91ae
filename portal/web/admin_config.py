"""The app config that makes Django load the portal's admin site."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "portal.web.admin_site.PortalAdminSite"
