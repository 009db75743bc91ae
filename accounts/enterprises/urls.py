"""URLs of enterprises."""

from django.urls import path

from accounts.enterprises import api, api_joining, api_licence, views, views_licence

_MEMBER, _INVITATION = "settings/enterprise/members/<uuid:number>", "settings/enterprise/invitations/<uuid:number>"
urlpatterns = [
    path("settings/enterprise/", views.enterprise, name="enterprise"),
    path("settings/enterprise/invite/", views.invite_member, name="invite_member"),
    path("settings/enterprise/data/", views.correct_data, name="correct_enterprise"),
    path("settings/enterprise/licence/", views_licence.enterprise_licence, name="enterprise_licence"),
    path("settings/enterprise/leave/", views.leave_enterprise, name="leave_enterprise"),
    path("settings/enterprise/ownership/", views.answer_offer, name="answer_offer"),
    path(f"{_MEMBER}/role/", views.change_role, name="change_role"),
    path(f"{_MEMBER}/remove/", views.remove_member, name="remove_member"),
    path(f"{_MEMBER}/ownership/", views.offer_ownership, name="offer_ownership"),
    path(f"{_INVITATION}/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("enterprises/join/<str:secret>/", views.join_enterprise, name="join_enterprise"),
]
_REST = "me/enterprise"
rest = [
    path(_REST, api.MyEnterprise.as_view(), name="rest_enterprise"),
    path(f"{_REST}/licence", api_licence.MyEnterpriseLicence.as_view(), name="rest_enterprise_licence"),
    path(f"{_REST}/members", api.Members.as_view(), name="rest_members"),
    path(f"{_REST}/members/<uuid:member>", api.Member.as_view(), name="rest_member"),
    path(f"{_REST}/members/<uuid:member>/ownership", api.OfferedOwnership.as_view(), name="rest_offer_ownership"),
    path(f"{_REST}/invitations", api.Invitations.as_view(), name="rest_invitations"),
    path(f"{_REST}/invitations/<uuid:invitation>", api.OneInvitation.as_view(), name="rest_invitation"),
    path(f"{_REST}/membership", api_joining.MyMembership.as_view(), name="rest_membership"),
    path(f"{_REST}/ownership", api_joining.MyOffer.as_view(), name="rest_answer_ownership"),
    path("enterprises/invitation", api_joining.InvitationRead.as_view(), name="rest_invitation_read"),
    path("enterprises/join", api_joining.Join.as_view(), name="rest_join"),
    path("enterprises/decline", api_joining.Decline.as_view(), name="rest_decline"),
]
