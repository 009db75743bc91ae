"""Operations of requirements: the page, and the function that knows what is missing."""

from accounts.requirements.account_page import SERVICES_PAGE
from accounts.requirements.queries import missing_of_person, page_of_service
from privacy.inventory.offered_services import Requirements

OPERATIONS = [SERVICES_PAGE, Requirements(missing_of_person, page_of_service)]
