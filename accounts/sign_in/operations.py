"""Operations of signing in: allauth's tables of e-mail addresses, which stay empty."""

from accounts.sign_in.third_party_models import THIRD_PARTY_MODELS

OPERATIONS = [*THIRD_PARTY_MODELS]
