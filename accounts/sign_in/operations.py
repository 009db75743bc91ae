"""Operations of signing in: allauth's tables of e-mail addresses, which stay empty."""

from accounts.sign_in.account_page import SECURITY_PAGE
from accounts.sign_in.third_party_models import THIRD_PARTY_MODELS

OPERATIONS = [SECURITY_PAGE, *THIRD_PARTY_MODELS]
