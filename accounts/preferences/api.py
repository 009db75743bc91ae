"""`me/preferences`: language and time format."""

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users.preferences import choose_preferences
from privacy.preferences.preferences import supported_language
from privacy.preferences.time_format import TimeFormat
from privacy.rest.bodies import Body, Choice
from privacy.rest.endpoints import Endpoint
from privacy.rest.schema import operation

LANGUAGE = "The language of pages and messages. Null if not chosen: pages follow the browser, messages the agreement."
TIMES = "12 or 24 hours, on pages and in messages. Null if not chosen: as usual in the language."
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TIME_FORMATS = [one.value for one in TimeFormat]


class PreferencesGiven(Body):
    """What to change; null ends a choice."""

    language = Choice(LANGUAGES, required=False, allow_null=True, help_text=LANGUAGE)
    time_format = Choice(TIME_FORMATS, required=False, allow_null=True, help_text=TIMES)


class PreferencesShown(serializers.Serializer):
    """What I chose."""

    language = serializers.ChoiceField(LANGUAGES, allow_null=True, help_text=LANGUAGE)
    time_format = serializers.ChoiceField(TIME_FORMATS, allow_null=True, help_text=TIMES)


class MyPreferences(Endpoint):
    """`me/preferences`."""

    at_the_gate = True

    @operation(
        "preferences", "My language and time format", answers={200: PreferencesShown}, at_the_gate=True, tag="Me"
    )
    def get(self, request: Request) -> Response:
        """Answer with both."""
        return self._answer()

    @operation(
        "preferences_change",
        "Choose my language and time format",
        answers={200: PreferencesShown},
        body=PreferencesGiven,
        example={"language": "zh-hans", "time_format": "24"},
        description="The answers of endpoints follow `Accept-Language` instead.",
        at_the_gate=True,
        tag="Me",
    )
    def patch(self, request: Request) -> Response:
        """Store what is given."""
        given = self.checked(PreferencesGiven)
        if given:
            choose_preferences(self.user, **given)
        return self._answer()

    def _answer(self) -> Response:
        return Response({"language": supported_language(self.user.language), "time_format": self.user.time_format})
