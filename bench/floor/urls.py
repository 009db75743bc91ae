"""One address: read one's row, or write one column of it."""

from django.urls import path
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.serializers import ModelSerializer

from bench.floor.models import Profile


class ProfileSerializer(ModelSerializer):
    """Every column of a row."""

    class Meta:
        model = Profile
        exclude = ("user",)


class Me(RetrieveUpdateAPIView):
    """The row of whom the token names: one query for the token and its user, one for the row."""

    serializer_class = ProfileSerializer

    def get_object(self) -> Profile:
        """Return the row."""
        return Profile.objects.get(user=self.request.user)


urlpatterns = [path("api/v1/me", Me.as_view())]
