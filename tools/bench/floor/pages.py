"""Two pages of a bare project, for who is signed in: what is known of them, and a form to correct it."""

from django.contrib.auth.decorators import login_required
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tools.bench.floor.models import Profile


class ProfileForm(ModelForm):
    """What a person may correct."""

    class Meta:
        model = Profile
        fields = ("name", "company_name", "country", "time_zone", "phone", "email")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show one's row: one query each for the session, the user and the row."""
    return render(request, "home.html", {"profile": Profile.objects.get(user=request.user)})


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(instance=Profile.objects.get(user=request.user))
    return render(request, "profile.html", {"form": form})
