"""Memberships and invitations in the admin: lists without names or addresses, for privacy officers."""

from django.contrib import admin

from accounts.enterprises.models import Invitation, Membership
from privacy.evidence.admin import ReadOnlyAdmin


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Lists memberships, newest first."""

    list_display = ("enterprise", "subject", "role", "since", "ended_at")
    list_filter = ("role",)
    ordering = ("-since",)
    fields = ("enterprise", "subject", "role", "since", "ended_at", "offered_at")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Lists invitations, newest first, without the invited addresses."""

    list_display = ("enterprise", "role", "invited_at", "expires_at", "used_at", "declined_at", "revoked_at")
    list_filter = ("role",)
    ordering = ("-invited_at",)
    fields = list_display
