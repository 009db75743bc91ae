"""URLs of moving to another country."""

from django.urls import path

from accounts.moving import api, leaving_views, views

urlpatterns = [
    path("settings/move/", views.move, name="move"),
    path("settings/move/agree/", views.move_on, name="move_on"),
    path("settings/move/leave/", leaving_views.leave, name="move_away"),
    path("register/package/", leaving_views.arrive, name="register_from_package"),
]
rest = [path("me/move", api.MyMove.as_view(), name="rest_move")]
