"""Read the own row, by two queries or by one, or change a column; and two pages."""

from django.contrib.auth.models import User
from django.urls import path
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.serializers import ModelSerializer

from tools.bench.floor import pages
from tools.bench.floor.models import Profile


class ProfileSerializer(ModelSerializer):
    """Every column of a row."""

    class Meta:
        model = Profile
        exclude = ("user",)


class Me(RetrieveUpdateAPIView):
    """The row of the token's user: one query for the token and its user, one for the row."""

    serializer_class = ProfileSerializer

    def get_object(self) -> Profile:
        return Profile.objects.get(user=self.request.user)


class JoinedAuthentication(TokenAuthentication):
    """Finds the token with its user and the user's row."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        try:
            token = Token.objects.select_related("user__profile").get(key=key, user__is_active=True)
        except Token.DoesNotExist:
            raise AuthenticationFailed from None
        return token.user, token


class MeAtOnce(Me):
    """The same by one query."""

    authentication_classes = (JoinedAuthentication,)

    def get_object(self) -> Profile:
        """Return the row that came with the token."""
        return self.request.user.profile


urlpatterns = [
    path("api/v1/me", Me.as_view()),
    path("api/v1/me/at-once", MeAtOnce.as_view()),
    path("home/", pages.home),
    path("settings/profile/", pages.profile),
]
