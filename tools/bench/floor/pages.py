"""Two pages for signed-in people: their data, and a form to correct it."""

from django.contrib.auth.decorators import login_required
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tools.bench.floor.models import Profile


class ProfileForm(ModelForm):
    """The data that a person may correct."""

    class Meta:
        model = Profile
        fields = ("name", "company_name", "country", "time_zone", "phone", "email")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the row: one query each for the session, the user and the row."""
    return render(request, "home.html", {"profile": Profile.objects.get(user=request.user)})


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(instance=Profile.objects.get(user=request.user))
    return render(request, "profile.html", {"form": form})
