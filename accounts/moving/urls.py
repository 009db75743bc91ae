"""URLs of moving to another country."""

from django.urls import path

from accounts.moving import api, views

urlpatterns = [
    path("settings/move/", views.move, name="move"),
    path("settings/move/agree/", views.move_on, name="move_on"),
]
rest = [path("me/move", api.MyMove.as_view(), name="rest_move")]
