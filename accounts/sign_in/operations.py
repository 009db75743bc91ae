"""Operations of signing in: fresh sign-ins, and allauth's tables of e-mail addresses, which stay empty."""

from accounts.sign_in.account_page import SECURITY_PAGE
from accounts.sign_in.freshness import signed_in_recently
from accounts.sign_in.third_party_models import THIRD_PARTY_MODELS
from privacy.subjects.freshness import FreshSignIn

OPERATIONS = [SECURITY_PAGE, FreshSignIn(signed_in_recently), *THIRD_PARTY_MODELS]
